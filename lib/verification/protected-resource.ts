import { LRUCache } from 'lru-cache';
import type { Zone } from '../zone/zone-directory.js';
import { metadataUrlOf } from './resource-identifier.js';

/**
 * Whom a token must be meant for: one or more audiences, or audiences per
 * zone id. `false` accepts every token of the zone.
 *
 * @publicApi
 */
export type AudiencePolicy =
  | string
  | readonly string[]
  | Readonly<Record<string, string | readonly string[]>>
  | false;

/** What a protected resource is made of. */
export interface ProtectedResourceInit {
  /**
   * Public URL of the resource, exactly as the zone knows it. In multi-zone
   * applications `{zone}` stands for the zone id.
   */
  readonly identifier: string;
  /**
   * Whether the zone id is the first segment of paths, and so of public URLs
   * without a `{zone}`.
   */
  readonly isZoneInPath?: boolean;
  /** Path of the resource in this application, without a trailing slash. */
  readonly path: string;
  /** @default the identifier */
  readonly audience?: AudiencePolicy;
  /** Scopes that every request needs. */
  readonly requiredScopes?: readonly string[];
  /** Scopes listed in the metadata besides those that decorators name. */
  readonly scopesSupported?: readonly string[];
  readonly name?: string;
  readonly documentation?: string;
  /**
   * Path, at the origin of the resource, of its RFC 9728 metadata.
   * @default the well-known name between host and path
   */
  readonly metadataPath?: string;
}

/** One protected resource in one zone: what a token has to be good for. */
export interface ResourceTarget {
  readonly resource: ProtectedResource;
  readonly zone: Zone;
  /** Public URL, with the zone in it in multi-zone applications. */
  readonly identifier: string;
  /** Path in this application, with the zone in it in multi-zone applications. */
  readonly path: string;
  /** Audiences accepted; `false` accepts all. */
  readonly audience: readonly string[] | false;
  /** Where RFC 9728 metadata of the resource is. */
  readonly metadataUrl: string;
}

/** Stands for the zone id in a public URL. */
export const ZONE_PLACEHOLDER = '{zone}';

const MAX_TARGETS = 1024;

/**
 * Something callers need a token for: an MCP endpoint, or an area of HTTP
 * routes.
 */
export class ProtectedResource {
  readonly identifier: string;
  readonly path: string;
  readonly requiredScopes: readonly string[];
  readonly name?: string;
  readonly documentation?: string;
  private readonly isZoneInPath: boolean;
  private readonly metadataPath?: string;
  private readonly audience?: AudiencePolicy;
  /** How many want each of them to be listed. */
  private readonly scopes = new Map<string, number>();
  private readonly targets = new LRUCache<string, ResourceTarget>({
    max: MAX_TARGETS,
  });

  constructor(init: ProtectedResourceInit) {
    this.identifier = init.identifier;
    this.path = init.path;
    this.requiredScopes = Object.freeze([...(init.requiredScopes ?? [])]);
    this.name = init.name;
    this.documentation = init.documentation;
    this.isZoneInPath = init.isZoneInPath ?? false;
    this.metadataPath = init.metadataPath;
    this.audience = init.audience;
    this.support([...this.requiredScopes, ...(init.scopesSupported ?? [])]);
  }

  /** Scopes for the metadata, in alphabetical order. */
  get scopesSupported(): readonly string[] {
    return [...this.scopes.keys()]
      .filter((scope) => scope !== 'offline_access')
      .sort();
  }

  /**
   * Adds scopes that an operation of the resource needs.
   *
   * @returns takes them away again; call it once
   */
  support(scopes: readonly string[]): () => void {
    for (const scope of scopes) this.count(scope, 1);
    return () => {
      for (const scope of scopes) this.count(scope, -1);
    };
  }

  /** The resource as it is known in a zone. */
  in(zone: Zone): ResourceTarget {
    const key = zone.id ?? '';
    let target = this.targets.get(key);
    if (!target) {
      target = this.createTarget(zone);
      this.targets.set(key, target);
    }
    return target;
  }

  private count(scope: string, change: 1 | -1): void {
    const count = (this.scopes.get(scope) ?? 0) + change;
    if (count > 0) this.scopes.set(scope, count);
    else this.scopes.delete(scope);
  }

  private createTarget(zone: Zone): ResourceTarget {
    const identifier = this.identifierIn(zone);
    return Object.freeze({
      resource: this,
      zone,
      identifier,
      path: this.isZoneInPath ? `/${zone.id}${this.path}` : this.path,
      audience: this.audienceIn(zone, identifier),
      metadataUrl: this.metadataPath
        ? new URL(this.metadataPath, identifier).href
        : metadataUrlOf(identifier),
    });
  }

  private identifierIn(zone: Zone): string {
    if (zone.id === undefined) return this.identifier;
    if (this.identifier.includes(ZONE_PLACEHOLDER)) {
      return this.identifier.replaceAll(ZONE_PLACEHOLDER, zone.id);
    }
    if (!this.isZoneInPath) return this.identifier;
    const { origin } = new URL(this.identifier);
    return `${origin}/${zone.id}${this.identifier.slice(origin.length)}`;
  }

  private audienceIn(
    zone: Zone,
    identifier: string,
  ): readonly string[] | false {
    if (this.audience === undefined) return [identifier];
    if (this.audience === false) return false;
    if (typeof this.audience === 'string') return [this.audience];
    if (isList(this.audience)) return this.audience;
    // A zone that is not in the map accepts nothing.
    const audience =
      zone.id !== undefined && Object.hasOwn(this.audience, zone.id)
        ? this.audience[zone.id]!
        : [];
    return typeof audience === 'string' ? [audience] : audience;
  }
}

function isList(audience: AudiencePolicy): audience is readonly string[] {
  return Array.isArray(audience);
}
