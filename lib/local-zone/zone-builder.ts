import type { LocalZone } from './local-zone.js';
import type { LocalZoneOptions } from './local-zone.options.js';
import type {
  ClientMetadataDocument,
  UserGrant,
  ZoneApplication,
  ZoneApplicationSettings,
  ZoneDeclaration,
  ZonePolicy,
  ZoneResource,
  ZoneResourceSettings,
  ZoneUser,
} from './zone-declaration.interface.js';

type StartZone = (
  declaration: ZoneDeclaration,
  options: LocalZoneOptions,
) => Promise<LocalZone>;

/**
 * Declares a zone step by step, in any order. Nothing is checked before
 * `start`.
 *
 * @see {@link LocalZone.create}
 * @publicApi
 */
export class LocalZoneBuilder {
  private readonly users: ZoneUser[] = [];
  private readonly resources: ZoneResource[] = [];
  private readonly applications: ZoneApplication[] = [];
  private readonly grants: UserGrant[] = [];
  private readonly policies: ZonePolicy[] = [];
  private readonly documents: Record<string, ClientMetadataDocument> = {};

  /** @internal */
  constructor(private readonly startZone: StartZone) {}

  /** Adds somebody who can sign in. */
  user(user: ZoneUser): this {
    this.users.push(user);
    return this;
  }

  /** Adds a protected API. */
  resource(identifier: string, settings: ZoneResourceSettings = {}): this {
    this.resources.push({ ...settings, identifier });
    return this;
  }

  /** Adds an application with its credentials and dependencies. */
  application(id: string, settings: ZoneApplicationSettings = {}): this {
    this.applications.push({ ...settings, id });
    return this;
  }

  /** Lets an application act for a user on a user-connected resource. */
  grant(grant: UserGrant): this {
    this.grants.push(grant);
    return this;
  }

  /** Adds a rule that can refuse a token. */
  policy(policy: ZonePolicy): this {
    this.policies.push(policy);
    return this;
  }

  /** Publishes a client ID metadata document under its `https:` URL. */
  clientMetadataDocument(document: ClientMetadataDocument): this {
    this.documents[document.client_id] = document;
    return this;
  }

  /** The declaration as plain data. */
  declaration(): ZoneDeclaration {
    return {
      users: [...this.users],
      resources: [...this.resources],
      applications: [...this.applications],
      grants: [...this.grants],
      policies: [...this.policies],
      clientMetadataDocuments: { ...this.documents },
    };
  }

  /** Checks the declaration and starts the zone. */
  start(options: LocalZoneOptions = {}): Promise<LocalZone> {
    return this.startZone(this.declaration(), options);
  }
}
