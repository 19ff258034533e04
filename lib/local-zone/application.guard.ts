import type { Client } from 'oidc-provider';
import { RefusalMessages } from './local-zone.messages.js';
import { refusal, type ZoneContext } from './zone-context.js';
import type { ApplicationEntry } from './zone-model.js';

/** The application behind an authenticated client; self-registered clients have none. */
export function requireApplication(
  context: ZoneContext,
  client: Client,
): ApplicationEntry {
  const application = context.model.applicationOfClient(client.clientId);
  if (!application) {
    throw refusal(
      context,
      'unauthorized_client',
      RefusalMessages.notAnApplication(),
    );
  }
  return application;
}
