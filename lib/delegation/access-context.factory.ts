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

/** Obtains the tokens of one call, all at once. Failures are data. */
export class AccessContextFactory {
  constructor(private readonly source: TokenSource) {}

  /**
   * Synchronous when all tokens are at hand.
   *
   * @param grants one for each resource
   */
  create(
    principal: Principal,
    grants: readonly ResourceGrant[],
    signal: SignalSource | undefined,
  ): AccessContext | Promise<AccessContext> {
    if (isExpired(principal)) return failedAccess(SUBJECT_EXPIRED, signal);
    const requester = requesterOf(principal);
    const fill = (outcomes: readonly (GrantedToken | AccessError)[]) =>
      this.fill(new AccessContext(signal), requester, grants, outcomes);
    const tokens = grants.map((grant) =>
      this.source.obtain(requester, grant, { signal }),
    );
    if (tokens.every((token) => token instanceof GrantedToken)) {
      return fill(tokens);
    }
    const outcomes = tokens.map((token, index) =>
      outcomeOf(token, grants[index]!, requester),
    );
    return Promise.all(outcomes).then((settled) => {
      signalOf(signal)?.throwIfAborted();
      return fill(settled);
    });
  }

  private fill(
    access: AccessContext,
    requester: Requester,
    grants: readonly ResourceGrant[],
    outcomes: readonly (GrantedToken | AccessError)[],
  ): AccessContext {
    grants.forEach((grant, index) => {
      const { resource } = grant;
      const outcome = outcomes[index]!;
      if (!(outcome instanceof GrantedToken)) {
        access.setResourceError(resource, outcome);
        return;
      }
      access.setToken(resource, outcome, async (refused, signal) =>
        this.source.obtain(requester, grant, { signal, refused }),
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

async function outcomeOf(
  token: GrantedToken | Promise<GrantedToken>,
  { resource }: ResourceGrant,
  { subjectToken }: Requester,
): Promise<GrantedToken | AccessError> {
  try {
    return await token;
  } catch (error) {
    return toAccessError(resource, error, [subjectToken]);
  }
}
