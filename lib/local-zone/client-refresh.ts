import { LocalZoneConfigurationError } from './local-zone.error.js';
import { DeclarationMessages } from './local-zone.messages.js';
import type { ZoneModel } from './zone-model.js';

/**
 * Makes the engine read a client's key set again. It keeps clients by their
 * metadata, so one more member makes a new client of it.
 */
export function refreshClient(model: ZoneModel, clientId: string): void {
  const client = model.clients.get(clientId);
  if (!client?.application) {
    throw new LocalZoneConfigurationError(
      DeclarationMessages.unknownClient(clientId),
    );
  }
  const revision = Number(client.metadata['zone_revision'] ?? 0) + 1;
  client.metadata = { ...client.metadata, zone_revision: revision };
}
