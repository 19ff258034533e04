import type { Principal } from '../verification/principal.js';
import { AccessContext } from './access-context.js';
import { SUBJECT_EXPIRED, toAccessError } from './access-error.factory.js';
import type { AccessError } from './access-error.interface.js';
import {
  isExpired,
  requesterOf,
  type Requester,
} from './exchange-requester.js';
import { GrantedToken } from './granted-token.js';
import type { ResourceGrant } from './resource-grant.interface.js';
import { signalOf, type SignalSource } from './signal-source.js';
import type { TokenSource } from './token-source.js';

/** Obtains the tokens of several resources at once. Failures are data. */
export class AccessContextFactory {
  constructor(private readonly source: TokenSource) {}

  /**
   * @param grants one for each resource
   * @throws the reason of the signal
   */
  async create(
    principal: Principal,
    grants: readonly ResourceGrant[],
    signal: SignalSource | undefined,
  ): Promise<AccessContext> {
    if (isExpired(principal)) return failedAccess(SUBJECT_EXPIRED, signal);
    const requester = requesterOf(principal);
    const tokens = grants.map((grant) =>
      this.source.obtain(requester, grant, { signal }),
    );
    const access = new AccessContext(signal);
    const outcomes = tokens.every((token) => token instanceof GrantedToken)
      ? tokens
      : await settle(tokens, grants, requester, signal);
    grants.forEach((grant, index) => {
      const { resource } = grant;
      const outcome = outcomes[index]!;
      if (!(outcome instanceof GrantedToken)) {
        access.setResourceError(resource, outcome);
        return;
      }
      access.setToken(resource, outcome, async (refused, renewalSignal) =>
        this.source.obtain(requester, grant, {
          signal: renewalSignal,
          refused,
        }),
      );
    });
    return access;
  }
}

/** Access to nothing at all. */
export function failedAccess(
  error: AccessError,
  signal: SignalSource | undefined,
): AccessContext {
  const access = new AccessContext(signal);
  access.setError(error);
  return access;
}

/** Waits for all tokens. What failed is an outcome as well. */
async function settle(
  tokens: readonly (GrantedToken | Promise<GrantedToken>)[],
  grants: readonly ResourceGrant[],
  { subjectToken }: Requester,
  signal: SignalSource | undefined,
): Promise<readonly (GrantedToken | AccessError)[]> {
  const outcomes = await Promise.all(
    tokens.map(async (token, index) => {
      try {
        return await token;
      } catch (error) {
        return toAccessError(grants[index]!.resource, error, [subjectToken]);
      }
    }),
  );
  signalOf(signal)?.throwIfAborted();
  return outcomes;
}
