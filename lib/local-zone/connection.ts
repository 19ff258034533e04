import { randomUUID } from 'node:crypto';
import { CONNECT_CLIENT_ID } from './local-zone.constants.js';
import type { ZoneContext } from './zone-context.js';

const LIFETIME_SECONDS = 3600;

/** A connect link that somebody opened. */
export interface Connection {
  readonly application: string;
  /** The only user who may grant; `undefined` lets anybody. */
  readonly user: string | undefined;
  readonly returnTo: string | undefined;
  /** Whether the user said yes. */
  granted: boolean;
}

/** Path the browser returns to at the end. */
export const CONNECT_DONE_PATH = '/connect/done';

/** Remembers a connection under the `state` of its authorization request. */
export function saveConnection(
  context: ZoneContext,
  connection: Connection,
): string {
  const state = randomUUID();
  context.store.set(`connect:${state}`, connection, LIFETIME_SECONDS);
  return state;
}

export function findConnection(
  context: ZoneContext,
  state: unknown,
): Connection | undefined {
  if (typeof state !== 'string') {
    return undefined;
  }
  return context.store.get(`connect:${state}`);
}

/**
 * The zone's own public client. A connect link is an ordinary authorization
 * request of this client, whose code is never redeemed: sign-in, single
 * sign-on and cookies are the same, and only the recorded grant matters.
 */
export function registerConnectClient(context: ZoneContext): void {
  context.model.clients.set(CONNECT_CLIENT_ID, {
    application: undefined,
    metadata: {
      client_id: CONNECT_CLIENT_ID,
      client_name: 'Connect',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: [context.issuer + CONNECT_DONE_PATH],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
  });
}
