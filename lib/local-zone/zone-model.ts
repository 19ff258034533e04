import type { JSONWebKeySet } from 'jose';
import type {
  ClientMetadataDocument,
  UserGrant,
  ZonePolicy,
  ZoneUser,
} from './zone-declaration.interface.js';

/** A declared resource with its defaults filled in. */
export interface ResourceEntry {
  readonly identifier: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly ownedBy: string | undefined;
  readonly userConnected: boolean;
  readonly ttl: number;
  readonly vaultSecret: string | undefined;
}

/** A declared application with its defaults filled in. */
export interface ApplicationEntry {
  readonly id: string;
  readonly name: string;
  readonly dependsOn: ReadonlySet<string>;
  readonly mayImpersonate: boolean;
}

/** A client as oidc-provider reads it, and the application it stands for. */
export interface ClientEntry {
  metadata: Readonly<Record<string, unknown>>;
  readonly application: ApplicationEntry | undefined;
}

/** Trust in a platform's tokens, and the secret they are swapped for. */
export interface WorkloadEntry {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string | undefined;
  readonly jwks: JSONWebKeySet | undefined;
  readonly jwksUri: string | undefined;
}

/** The declaration as lookup tables. Grants and policies change while it runs. */
export class ZoneModel {
  readonly users = new Map<string, ZoneUser>();
  readonly usersByIdentifier = new Map<string, ZoneUser>();
  readonly resources = new Map<string, ResourceEntry>();
  readonly applications = new Map<string, ApplicationEntry>();
  readonly clients = new Map<string, ClientEntry>();
  readonly workloads: WorkloadEntry[] = [];
  readonly documents = new Map<string, ClientMetadataDocument>();
  readonly policies: ZonePolicy[] = [];
  private readonly grants = new Map<string, ReadonlySet<string>>();

  /** The application a client authenticates for. */
  applicationOfClient(clientId: string): ApplicationEntry | undefined {
    return this.clients.get(clientId)?.application;
  }

  /** Whether the client belongs to the application that owns the resource. */
  ownsResource(clientId: string, resource: unknown): boolean {
    const application = this.applicationOfClient(clientId);
    if (!application || typeof resource !== 'string') {
      return false;
    }
    return this.resources.get(resource)?.ownedBy === application.id;
  }

  grantedScopes(grant: UserGrant): ReadonlySet<string> | undefined {
    return this.grants.get(grantKey(grant));
  }

  addGrant(grant: UserGrant): void {
    const scopes = grant.scopes ?? this.resources.get(grant.resource)?.scopes;
    this.grants.set(grantKey(grant), new Set(scopes));
  }

  removeGrant(grant: UserGrant): boolean {
    return this.grants.delete(grantKey(grant));
  }
}

function grantKey({ user, application, resource }: UserGrant): string {
  return JSON.stringify([user, application, resource]);
}
