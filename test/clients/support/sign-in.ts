import { UnauthorizedError as ModernUnauthorizedError } from '@modelcontextprotocol/client';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import type { ClientKind } from '../../mcp/input/support/asking-client.js';
import type { BrowsingUser } from './browsing-user.js';
import { OfficialClient } from './official-client.js';

/** Does what needs a sign-in, and then does it again. */
export async function signingIn<T>(
  client: OfficialClient,
  user: BrowsingUser,
  first: () => Promise<T>,
  again: () => Promise<T> = first,
): Promise<T> {
  const failure = await first().then(
    () => new Error('No sign-in was needed.'),
    (error: unknown) => error,
  );
  if (
    !(failure instanceof UnauthorizedError) &&
    !(failure instanceof ModernUnauthorizedError)
  ) {
    throw failure;
  }
  await client.finishSignIn(user.answer);
  return again();
}

/** Connects a client that has no token yet. */
export function connectBySigningIn(
  kind: ClientKind,
  url: string,
  user: BrowsingUser,
): Promise<OfficialClient> {
  const create = () => new OfficialClient(kind, url, { authProvider: user });
  const first = create();
  // A client that failed to connect is not used again.
  return signingIn(
    first,
    user,
    () => first.connect(),
    () => create().connect(),
  );
}
