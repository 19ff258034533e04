import { LocalZone } from 'nestjs-keycard/local-zone';
import { settings } from './settings.js';

/** Credentials of this application at the local zone. */
export const CLIENT = {
  clientId: 'notes-assistant',
  clientSecret: 'local-development-only',
};

/** A zone for development: Ada has connected her notes. */
export async function startZone(): Promise<LocalZone> {
  const { mcpUrl, notesUrl, zonePort } = settings;
  const application = 'notes-assistant';
  return LocalZone.create()
    .user({ id: 'usr_ada', name: 'Ada Lovelace' })
    .resource(mcpUrl, {
      name: 'Notes assistant',
      scopes: ['notes:read', 'notes:write'],
      ownedBy: application,
    })
    .resource(notesUrl, { name: 'Notes', userConnected: true })
    .application(application, { clients: [CLIENT], dependsOn: [notesUrl] })
    .grant({ user: 'usr_ada', application, resource: notesUrl })
    .start({ port: zonePort });
}
