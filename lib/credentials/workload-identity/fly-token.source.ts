import { toPlatformToken } from './platform-token.js';
import {
  assertTimeout,
  DEFAULT_TIMEOUT,
  requestPlatformToken,
} from './token-service.request.js';
import type { TokenSource } from './token-source.interface.js';
import { WorkloadIdentityConfigurationError } from './workload-identity-configuration.error.js';
import {
  BLANK_FLY_AUDIENCE,
  INVALID_SOCKET_PATH,
} from './workload-identity.messages.js';

const SOURCE = 'fly';

/** How to ask the API of a Fly machine. */
export interface FlyTokenSourceOptions {
  /**
   * Audience of the token.
   * @default the organization's URL, which Fly puts in
   */
  readonly audience?: string;
  /** @default '/.fly/api' */
  readonly socketPath?: string;
  /**
   * Milliseconds until the API is given up.
   * @default 5000
   */
  readonly timeout?: number;
}

/**
 * OpenID Connect token of a Fly machine, from the socket every machine has.
 *
 * @example
 * ```ts
 * new FlyTokenSource({ audience: 'https://acme.keycard.cloud' });
 * ```
 * @see https://fly.io/docs/security/openid-connect/
 * @publicApi
 */
export class FlyTokenSource implements TokenSource {
  readonly #body: string;
  readonly #socketPath: string;
  readonly #timeout: number;

  /** @throws WorkloadIdentityConfigurationError */
  constructor(options: FlyTokenSourceOptions = {}) {
    const {
      audience,
      socketPath = '/.fly/api',
      timeout = DEFAULT_TIMEOUT,
    } = options;
    if (audience?.trim() === '') {
      throw new WorkloadIdentityConfigurationError(SOURCE, BLANK_FLY_AUDIENCE);
    }
    if (socketPath.trim() === '') {
      throw new WorkloadIdentityConfigurationError(SOURCE, INVALID_SOCKET_PATH);
    }
    assertTimeout(timeout, SOURCE);
    this.#body = JSON.stringify(
      audience === undefined ? {} : { aud: audience },
    );
    this.#socketPath = socketPath;
    this.#timeout = timeout;
  }

  async identityToken(): Promise<string> {
    const { body } = await requestPlatformToken({
      source: SOURCE,
      target: {
        method: 'POST',
        socketPath: this.#socketPath,
        host: 'localhost',
        path: '/v1/tokens/oidc',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(this.#body),
        },
      },
      body: this.#body,
      timeout: this.#timeout,
    });
    return toPlatformToken(body, SOURCE);
  }
}
