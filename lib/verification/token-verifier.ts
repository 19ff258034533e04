import type { ZoneDiscovery } from '../zone/zone-discovery.js';
import { ZoneUnavailableError } from '../zone/zone-unavailable.error.js';
import { withoutTrailingSlash } from '../zone/zone-url.js';
import {
  assertNotExpired,
  readAccessTokenClaims,
  type AccessTokenClaims,
} from './access-token-claims.js';
import {
  decodeCompactJws,
  isCompactJws,
  type DecodedToken,
} from './compact-jws.js';
import { InvalidTokenError } from './invalid-token.error.js';
import type { OpaqueTokenVerifier } from './introspection/opaque-token.verifier.js';
import type { KeySetRegistry } from './key-set-registry.js';
import { createPrincipal } from './principal.factory.js';
import type { Principal } from './principal.js';
import type { ResourceTarget } from './protected-resource.js';
import { assertAudience } from './token-audience.js';
import { assertConfirmable } from './token-confirmation.js';
import { readTokenHeader, type TokenHeader } from './token-header.js';
import { assertSignature } from './token-signature.js';
import type { VerifiedTokenCache } from './verified-token-cache.js';

/** What a token must be like. */
export interface TokenPolicy {
  /**
   * Signature algorithms accepted.
   * @default ['RS256']
   */
  readonly algorithms?: readonly string[];
  /**
   * Demand the header type `at+jwt`, and a `jti`, of RFC 9068.
   * @default false
   */
  readonly strictTokenType?: boolean;
  /**
   * Seconds that clocks may differ, at most 60.
   * @default 0
   */
  readonly clockTolerance?: number;
}

/** What a verifier is told besides. */
export interface VerifierPolicy extends TokenPolicy {
  /**
   * Whether tokens that are bound to a key are let through: only where the
   * key is proved afterwards.
   * @default false
   */
  readonly acceptsBoundTokens?: boolean;
}

/**
 * Decides whether an access token is good for a resource, and whose it is.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-4
 */
export class TokenVerifier {
  private readonly algorithms: readonly string[];
  private readonly strictTokenType: boolean;
  private readonly clockTolerance: number;
  private readonly acceptsBoundTokens: boolean;

  /** @param opaque decides over tokens that are no JWT; without it, none is accepted */
  constructor(
    private readonly discovery: ZoneDiscovery,
    private readonly keySets: KeySetRegistry,
    private readonly cache: VerifiedTokenCache,
    policy: VerifierPolicy = {},
    private readonly opaque?: OpaqueTokenVerifier,
  ) {
    this.algorithms = policy.algorithms ?? ['RS256'];
    this.strictTokenType = policy.strictTokenType ?? false;
    this.clockTolerance = policy.clockTolerance ?? 0;
    this.acceptsBoundTokens = policy.acceptsBoundTokens ?? false;
  }

  /** The caller, if this very token was verified for this target a moment ago. */
  remembered(token: string, target: ResourceTarget): Principal | undefined {
    return this.cache.get(token, target);
  }

  /**
   * @throws InvalidTokenError when the token must not be accepted
   * @throws ZoneUnavailableError when that cannot be found out at the moment
   */
  async verify(token: string, target: ResourceTarget): Promise<Principal> {
    if (this.opaque && !isCompactJws(token)) {
      return this.opaque.verify(token, target);
    }
    const decoded = decodeCompactJws(token);
    const header = readTokenHeader(decoded.header, {
      algorithms: this.algorithms,
      strict: this.strictTokenType,
    });
    const claims = this.readClaims(decoded, target);
    await this.checkIssuer(decoded, target);
    await this.checkSignature(token, header, target);
    // Time has passed while the zone was asked.
    assertNotExpired(claims.expiresAt, this.clockTolerance);
    const principal = createPrincipal(token, decoded.claims, claims, target);
    this.cache.set(token, target, principal);
    return principal;
  }

  /** Anybody can send anything: only a plausible token may cause a request. */
  private readClaims(
    { claims }: DecodedToken,
    target: ResourceTarget,
  ): AccessTokenClaims {
    const { iss } = claims;
    if (
      typeof iss !== 'string' ||
      withoutTrailingSlash(iss) !== target.zone.issuer
    ) {
      throw new InvalidTokenError('issuer');
    }
    const read = readAccessTokenClaims(claims, {
      clockTolerance: this.clockTolerance,
      strict: this.strictTokenType,
    });
    assertAudience(target, read);
    assertConfirmable(claims, this.acceptsBoundTokens);
    return read;
  }

  /** The pre-check forgives a slash at the end; the zone says which it is. */
  private async checkIssuer(
    { claims }: DecodedToken,
    { zone }: ResourceTarget,
  ): Promise<void> {
    const { issuer } = await this.discovery.metadataOf(zone.issuer);
    if (claims.iss !== issuer) throw new InvalidTokenError('issuer');
  }

  private async checkSignature(
    token: string,
    header: TokenHeader,
    { zone: { issuer } }: ResourceTarget,
  ): Promise<void> {
    try {
      await assertSignature(token, header, this.keySets.of(issuer));
    } catch (error) {
      if (error instanceof InvalidTokenError) throw error;
      if (error instanceof ZoneUnavailableError) throw error;
      throw new ZoneUnavailableError(issuer, { cause: error });
    }
  }
}
