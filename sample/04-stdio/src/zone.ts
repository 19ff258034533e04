import { LocalZone } from 'nestjs-keycard/local-zone';

export const MCP = process.env.MCP_SERVER_URL ?? 'http://localhost:8000/mcp';
export const CALENDAR =
  process.env.CALENDAR_API_URL ?? 'https://calendar.example.com';

/** Credentials of this application at the local zone. */
export const CLIENT = {
  clientId: 'local-assistant',
  clientSecret: 'local-development-only',
};

/** A zone for development: the application may act for Ada, who said yes. */
export async function startZone(): Promise<string> {
  const application = 'local-assistant';
  const zone = await LocalZone.create()
    .user({ id: 'usr_ada', name: 'Ada Lovelace' })
    .resource(MCP, { name: 'Local', ownedBy: application })
    .resource(CALENDAR, { name: 'Calendar', scopes: ['events:read'] })
    .application(application, {
      clients: [CLIENT],
      dependsOn: [CALENDAR],
      mayImpersonate: true,
    })
    .grant({ user: 'usr_ada', application, resource: CALENDAR })
    .start();
  return zone.issuer;
}
