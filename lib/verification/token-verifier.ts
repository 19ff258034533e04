import { errors, jwtVerify, type CryptoKey } from 'jose';
import type { ZoneDiscovery } from '../zone/zone-discovery.js';
import { ZoneUnavailableError } from '../zone/zone-unavailable.error.js';
import { withoutTrailingSlash } from '../zone/zone-url.js';
import { readAccessTokenClaims } from './access-token-claims.js';
import { decodeCompactJws, type DecodedToken } from './compact-jws.js';
import { InvalidTokenError } from './invalid-token.error.js';
import type { KeySetRegistry } from './key-set-registry.js';
import { Principal } from './principal.js';
import type { ResourceTarget } from './protected-resource.js';
import { readTokenHeader, type TokenHeader } from './token-header.js';
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

const REQUIRED_CLAIMS = ['iss', 'sub', 'aud', 'exp', 'iat', 'client_id'];

/**
 * Decides whether an access token is good for a resource, and whose it is.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-4
 */
export class TokenVerifier {
  private readonly algorithms: readonly string[];
  private readonly strictTokenType: boolean;
  private readonly clockTolerance: number;

  constructor(
    private readonly discovery: ZoneDiscovery,
    private readonly keySets: KeySetRegistry,
    private readonly cache: VerifiedTokenCache,
    policy: TokenPolicy = {},
  ) {
    this.algorithms = policy.algorithms ?? ['RS256'];
    this.strictTokenType = policy.strictTokenType ?? false;
    this.clockTolerance = policy.clockTolerance ?? 0;
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
    const decoded = decodeCompactJws(token);
    const header = readTokenHeader(decoded.header, {
      algorithms: this.algorithms,
      strict: this.strictTokenType,
    });
    this.checkBeforeNetwork(decoded, target);
    await this.checkIssuer(decoded, target);
    await this.checkSignature(token, header, target);
    const principal = this.createPrincipal(token, decoded, target);
    this.cache.set(token, target, principal);
    return principal;
  }

  /** Anybody can send anything: only a plausible token may cause a request. */
  private checkBeforeNetwork(
    { claims }: DecodedToken,
    target: ResourceTarget,
  ): void {
    const { iss } = claims;
    if (
      typeof iss !== 'string' ||
      withoutTrailingSlash(iss) !== target.zone.issuer
    ) {
      throw new InvalidTokenError('issuer');
    }
    if (readAccessTokenClaims(claims).expiresAt <= this.now()) {
      throw new InvalidTokenError('expired');
    }
  }

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
    { zone }: ResourceTarget,
  ): Promise<void> {
    const keySet = this.keySets.of(zone.issuer);
    const find = async () => {
      try {
        return await keySet.find(header.kid, header.alg);
      } catch (error) {
        if (error instanceof ZoneUnavailableError) throw error;
        throw new ZoneUnavailableError(zone.issuer, { cause: error });
      }
    };
    const keys = await find();
    if (keys.length === 0) throw new InvalidTokenError('key');
    if (await this.isSignedWith(keys, token, header)) return;
    // The issuer may have put another key under the same id.
    if (await keySet.refresh().catch(() => false)) {
      if (await this.isSignedWith(await find(), token, header)) return;
    }
    throw new InvalidTokenError('signature');
  }

  private async isSignedWith(
    keys: readonly CryptoKey[],
    token: string,
    header: TokenHeader,
  ): Promise<boolean> {
    for (const key of keys) {
      try {
        await jwtVerify(token, key, {
          algorithms: [header.alg],
          requiredClaims: REQUIRED_CLAIMS,
          clockTolerance: this.clockTolerance,
        });
        return true;
      } catch (error) {
        if (error instanceof errors.JWSSignatureVerificationFailed) continue;
        throw toInvalidToken(error);
      }
    }
    return false;
  }

  private createPrincipal(
    token: string,
    { claims }: DecodedToken,
    target: ResourceTarget,
  ): Principal {
    const read = readAccessTokenClaims(claims);
    if (this.strictTokenType && typeof claims.jti !== 'string') {
      throw new InvalidTokenError('claims');
    }
    if (!isFor(target, read.audience, read.resources)) {
      throw new InvalidTokenError('audience');
    }
    return new Principal(
      {
        issuer: claims.iss!,
        subject: read.subject,
        clientId: read.clientId,
        scopes: Object.freeze(read.scopes),
        audience: Object.freeze(read.audience),
        expiresAt: read.expiresAt,
        resource: target.identifier,
        ...(target.zone.id !== undefined && { zoneId: target.zone.id }),
        claims: Object.freeze(claims),
      },
      token,
    );
  }

  private now(): number {
    return Date.now() / 1000 - this.clockTolerance;
  }
}

/**
 * Keycard's PKCE tokens name the zone as audience and the resource in a claim
 * of its own; the zone alone would let every token of the zone in.
 */
function isFor(
  target: ResourceTarget,
  audience: readonly string[],
  resources: readonly string[],
): boolean {
  if (target.audience === false) return true;
  const matched = target.audience.filter((one) => audience.includes(one));
  if (matched.some((one) => !isZone(one, target))) return true;
  return matched.length > 0 && resources.includes(target.identifier);
}

function isZone(audience: string, { zone }: ResourceTarget): boolean {
  return withoutTrailingSlash(audience) === zone.issuer;
}

function toInvalidToken(error: unknown): InvalidTokenError {
  if (error instanceof errors.JWTExpired) {
    return new InvalidTokenError('expired');
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new InvalidTokenError(
      error.claim === 'nbf' ? 'not_active' : 'claims',
    );
  }
  return new InvalidTokenError('malformed');
}
