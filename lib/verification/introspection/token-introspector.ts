import type { JWTPayload } from 'jose';
import type { ApplicationCredential } from '../../credentials/application-credential.interface.js';
import type { HttpFetch } from '../../oauth/http-fetch.js';
import { parseSecureUrl } from '../../oauth/secure-url.js';
import type { ZoneDiscovery } from '../../zone/zone-discovery.js';
import { ZoneUnavailableError } from '../../zone/zone-unavailable.error.js';
import type { ResourceTarget } from '../protected-resource.js';
import { claimsOf } from './introspected-claims.js';
import { IntrospectionCache } from './introspection-cache.js';
import { introspectionEndpointOf } from './introspection-endpoint.js';
import { requestIntrospection } from './introspection-request.js';
import { readIntrospectionResponse } from './introspection-response.js';

/**
 * How opaque tokens are introspected.
 *
 * @publicApi
 */
export interface IntrospectionOptions {
  /**
   * URL of the introspection endpoint, for a server that does not publish it.
   * @default `introspection_endpoint` of the zone's metadata
   */
  readonly endpoint?: string;
  /**
   * Milliseconds that an answer is believed, at most until the token expires:
   * the longest that a revoked token is accepted. 0 asks every time.
   * @default 30000
   */
  readonly cacheLifetime?: number;
  /**
   * Number of tokens remembered.
   * @default 10000
   */
  readonly maxTokens?: number;
}

const MAX_TOKEN_LENGTH = 16_384;

// b64token of RFC 6750 §2.1.
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * Asks the zone about tokens that cannot be verified here.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7662
 * @publicApi
 */
export class TokenIntrospector {
  private readonly endpoint?: string;
  private readonly cache: IntrospectionCache;

  /** @throws InsecureUrlError when the configured endpoint is not secure */
  constructor(
    private readonly discovery: ZoneDiscovery,
    private readonly credential: ApplicationCredential,
    private readonly fetch: HttpFetch,
    options: IntrospectionOptions = {},
  ) {
    if (options.endpoint !== undefined) {
      this.endpoint = parseSecureUrl(options.endpoint).href;
    }
    this.cache = new IntrospectionCache(
      options.cacheLifetime ?? 30_000,
      options.maxTokens ?? 10_000,
    );
  }

  /**
   * The claims of an active access token of the target's zone, or `undefined`
   * for any other. Audience, expiry and the rest are the caller's to check:
   * the same token may be meant for another resource.
   *
   * @throws ZoneUnavailableError when that cannot be found out at the moment
   */
  async introspect(
    token: string,
    target: ResourceTarget,
  ): Promise<JWTPayload | undefined> {
    // Anybody can send anything: only a plausible token may cause a request.
    if (token.length > MAX_TOKEN_LENGTH || !TOKEN.test(token)) return undefined;
    return this.cache.get(token, target.zone.issuer, () =>
      this.ask(token, target),
    );
  }

  /** Forgets all answers. */
  clear(): void {
    this.cache.clear();
  }

  private async ask(
    token: string,
    { zone }: ResourceTarget,
  ): Promise<JWTPayload | undefined> {
    try {
      const server = await this.discovery.metadataOf(zone.issuer);
      const endpoint = introspectionEndpointOf(server, zone, this.endpoint);
      const identity = await this.credential.identify(server);
      const { fetch } = this;
      const response = await requestIntrospection({
        server,
        endpoint,
        identity,
        token,
        fetch,
      });
      return claimsOf(
        await readIntrospectionResponse(response, token),
        server.issuer,
      );
    } catch (error) {
      if (error instanceof ZoneUnavailableError) throw error;
      throw new ZoneUnavailableError(zone.issuer, { cause: error });
    }
  }
}
