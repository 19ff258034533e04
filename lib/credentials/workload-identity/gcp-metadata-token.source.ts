import { withoutCredentials } from '../../oauth/url-credentials.js';
import { toPlatformToken } from './platform-token.js';
import {
  assertTimeout,
  DEFAULT_TIMEOUT,
  requestPlatformToken,
} from './token-service.request.js';
import type { TokenSource } from './token-source.interface.js';
import { WorkloadIdentityConfigurationError } from './workload-identity-configuration.error.js';
import { WorkloadIdentityError } from './workload-identity.error.js';
import {
  BLANK_AUDIENCE,
  INVALID_METADATA_URL,
  NOT_THE_METADATA_SERVER,
} from './workload-identity.messages.js';

const SOURCE = 'gcp-metadata';
const PATH = '/computeMetadata/v1/instance/service-accounts/default/identity';
const FLAVOR = 'Google';

/** How to ask the metadata server. */
export interface GcpMetadataTokenSourceOptions {
  /** Audience of the token: the one the zone expects. */
  readonly audience: string;
  /** @default 'http://metadata.google.internal' */
  readonly metadataUrl?: string;
  /**
   * Milliseconds until the metadata server is given up.
   * @default 5000
   */
  readonly timeout?: number;
}

/**
 * Identity token of the service account, from the metadata server of Compute
 * Engine, Cloud Run or GKE.
 *
 * @example
 * ```ts
 * new GcpMetadataTokenSource({ audience: 'https://acme.keycard.cloud' });
 * ```
 * @see https://cloud.google.com/compute/docs/instances/verifying-instance-identity
 * @publicApi
 */
export class GcpMetadataTokenSource implements TokenSource {
  readonly #url: URL;
  readonly #timeout: number;

  /** @throws WorkloadIdentityConfigurationError */
  constructor(options: GcpMetadataTokenSourceOptions) {
    const {
      audience,
      metadataUrl = 'http://metadata.google.internal',
      timeout = DEFAULT_TIMEOUT,
    } = options;
    if (typeof audience !== 'string' || audience.trim() === '') {
      throw new WorkloadIdentityConfigurationError(SOURCE, BLANK_AUDIENCE);
    }
    assertTimeout(timeout, SOURCE);
    this.#url = tokenUrl(metadataUrl, audience);
    this.#timeout = timeout;
  }

  async identityToken(): Promise<string> {
    const { hostname, port, pathname, search } = this.#url;
    const { headers, body } = await requestPlatformToken({
      source: SOURCE,
      target: {
        method: 'GET',
        // A URL puts an IPv6 address in brackets, a socket does not.
        hostname: hostname.replace(/^\[|\]$/g, ''),
        port,
        path: pathname + search,
        headers: { 'Metadata-Flavor': FLAVOR },
      },
      timeout: this.#timeout,
    });
    // Where no metadata server is, a resolver may answer for its name.
    if (headers['metadata-flavor'] !== FLAVOR) {
      throw new WorkloadIdentityError(SOURCE, NOT_THE_METADATA_SERVER);
    }
    return toPlatformToken(body, SOURCE);
  }
}

function tokenUrl(metadataUrl: string, audience: string): URL {
  const base = URL.canParse(metadataUrl) ? new URL(metadataUrl) : undefined;
  const isUsable =
    base?.protocol === 'http:' &&
    !base.username &&
    !base.password &&
    !base.search &&
    !base.hash;
  if (!isUsable) {
    throw new WorkloadIdentityConfigurationError(
      SOURCE,
      INVALID_METADATA_URL(withoutCredentials(metadataUrl)),
    );
  }
  const url = new URL(base.pathname.replace(/\/$/, '') + PATH, base);
  url.searchParams.set('audience', audience);
  url.searchParams.set('format', 'full');
  return url;
}
