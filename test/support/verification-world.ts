import type { JWK } from 'jose';
import { createHttpFetch } from '../../lib/oauth/http-fetch.js';
import type { KeySetOptions } from '../../lib/verification/key-set.js';
import { KeySetRegistry } from '../../lib/verification/key-set-registry.js';
import {
  ProtectedResource,
  type AudiencePolicy,
  type ResourceTarget,
} from '../../lib/verification/protected-resource.js';
import {
  TokenVerifier,
  type VerifierPolicy,
} from '../../lib/verification/token-verifier.js';
import {
  VerifiedTokenCache,
  type VerifiedTokenCacheOptions,
} from '../../lib/verification/verified-token-cache.js';
import {
  ZoneDiscovery,
  type ZoneDiscoveryOptions,
} from '../../lib/zone/zone-discovery.js';
import type { Zone } from '../../lib/zone/zone-directory.js';
import { createSigner, forge, type Signer } from './token-forge.js';
import { ZoneServer } from './zone-server.js';

export const RESOURCE = 'https://mcp.example.test/mcp';

export interface VerifierOptions {
  readonly policy?: VerifierPolicy;
  readonly keys?: KeySetOptions;
  readonly cache?: VerifiedTokenCacheOptions;
  readonly discovery?: ZoneDiscoveryOptions;
}

/** Seconds since the epoch, some from now. */
export function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

/** One zone with one key, a resource, and tokens that are good for it. */
export class VerificationWorld {
  private readonly targets = new Map<string, ResourceTarget>();

  private constructor(
    readonly zone: ZoneServer,
    readonly signer: Signer,
  ) {
    this.reset();
  }

  static async start(signer = createSigner()): Promise<VerificationWorld> {
    return new VerificationWorld(await ZoneServer.start(), signer);
  }

  reset(...keys: readonly JWK[]): void {
    this.zone.reset(...(keys.length > 0 ? keys : [this.signer.jwk]));
  }

  verifier(options: VerifierOptions = {}): TokenVerifier {
    const fetch = createHttpFetch({ timeout: 5_000 });
    const discovery = new ZoneDiscovery(fetch, options.discovery);
    return new TokenVerifier(
      discovery,
      new KeySetRegistry(discovery, fetch, options.keys),
      new VerifiedTokenCache(options.cache),
      options.policy,
    );
  }

  /** The same for the same arguments, as a resource has one per zone. */
  target(audience?: AudiencePolicy, zone: Zone = this.single): ResourceTarget {
    const key = JSON.stringify([audience, zone]);
    let target = this.targets.get(key);
    if (!target) {
      target = new ProtectedResource({
        identifier: RESOURCE,
        path: '/mcp',
        audience,
        isZoneInPath: zone.id !== undefined,
      }).in(zone);
      this.targets.set(key, target);
    }
    return target;
  }

  get single(): Zone {
    return { issuer: this.zone.issuer };
  }

  claims(changes: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      iss: this.zone.issuer,
      sub: 'usr_123',
      aud: RESOURCE,
      client_id: 'client_abc',
      scope: 'mcp:tools',
      jti: 'id-1',
      iat: inSeconds(-1),
      exp: inSeconds(300),
      ...changes,
    };
  }

  header(changes: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      alg: this.signer.alg,
      kid: this.signer.kid,
      typ: 'at+jwt',
      ...changes,
    };
  }

  /** Correctly signed. */
  token(
    claims: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
  ): string {
    return forge(this.signer, this.claims(claims), this.header(header));
  }
}
