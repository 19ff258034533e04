import { randomUUID } from 'node:crypto';
import type {
  ApplicationCredential,
  ClientIdentity,
} from '../application-credential.interface.js';
import { assertionAuthentication } from '../client-assertion.js';
import { toPlatformToken } from './platform-token.js';
import type {
  TokenSource,
  TokenSourceFunction,
} from './token-source.interface.js';
import { WorkloadIdentityConfigurationError } from './workload-identity-configuration.error.js';
import { WorkloadIdentityError } from './workload-identity.error.js';
import {
  BLANK_CLIENT_ID,
  NO_TOKEN_SOURCE,
  SOURCE_FAILED,
} from './workload-identity.messages.js';

/** Who the workload is. */
export interface WorkloadIdentityOptions {
  /**
   * Client id at the zone, sent along with the token. Credentials of type
   * token federation need it.
   * @default none: the zone knows the client by its token
   */
  readonly clientId?: string;
}

/**
 * Authenticates with a token of the platform the application runs on. There is
 * no secret to keep.
 *
 * The token is asked for at every request, so rotation is picked up. It goes to
 * every zone the application asks: in multi-zone applications, whoever runs one
 * zone could use it at another that trusts the same audience.
 *
 * @example
 * ```ts
 * new WorkloadIdentity(new FileTokenSource());
 * new WorkloadIdentity(new FlyTokenSource(), { clientId: 'calendar' });
 * new WorkloadIdentity(() => vault.readToken());
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-2.2
 * @publicApi
 */
export class WorkloadIdentity implements ApplicationCredential {
  readonly #identity: ClientIdentity;

  /** @throws WorkloadIdentityConfigurationError */
  constructor(
    source: TokenSource | TokenSourceFunction,
    options: WorkloadIdentityOptions = {},
  ) {
    const read = readerOf(source);
    const { clientId } = options;
    if (clientId !== undefined && !isText(clientId)) {
      throw new WorkloadIdentityConfigurationError(undefined, BLANK_CLIENT_ID);
    }
    this.#identity = {
      // Two workloads must not share a cache by sharing a name.
      clientId: clientId ?? `workload-identity:${randomUUID()}`,
      authentication: assertionAuthentication(() => readToken(read), clientId),
    };
  }

  identify(): ClientIdentity {
    return this.#identity;
  }
}

function readerOf(source: unknown): TokenSourceFunction {
  if (typeof source === 'function') return source as TokenSourceFunction;
  const { identityToken } = (source ?? {}) as Partial<TokenSource>;
  if (typeof identityToken === 'function') {
    return () => (source as TokenSource).identityToken();
  }
  throw new WorkloadIdentityConfigurationError(undefined, NO_TOKEN_SOURCE);
}

async function readToken(read: TokenSourceFunction): Promise<string> {
  let token: unknown;
  try {
    token = await read();
  } catch (cause) {
    if (cause instanceof WorkloadIdentityError) throw cause;
    throw new WorkloadIdentityError('custom', SOURCE_FAILED, { cause });
  }
  return toPlatformToken(token, 'custom');
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}
