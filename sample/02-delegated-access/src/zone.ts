import { LocalZone } from 'nestjs-keycard/local-zone';
import { settings } from './settings.js';

/** Credentials of the assistant at the local zone. */
export const ASSISTANT = {
  clientId: 'assistant',
  clientSecret: 'local-development-only',
} as const;

export const USERS = {
  ada: { id: 'usr_ada', name: 'Ada Lovelace' },
  bob: { id: 'usr_bob', name: 'Bob Kahn' },
} as const;

/** A zone for development: Ada has connected both APIs, Bob only the calendar. */
export function startLocalZone(): Promise<LocalZone> {
  const { mcpUrl, calendarUrl, mailUrl, zonePort } = settings;
  return LocalZone.create()
    .user(USERS.ada)
    .user(USERS.bob)
    .resource(mcpUrl, {
      name: 'Assistant',
      scopes: ['mcp:tools', 'calendar:write'],
      ownedBy: 'assistant',
    })
    .resource(calendarUrl, {
      name: 'Calendar',
      scopes: ['events:read', 'events:write'],
      userConnected: true,
    })
    .resource(mailUrl, {
      name: 'Mail',
      scopes: ['mail:read'],
      userConnected: true,
    })
    .application('assistant', {
      name: 'Assistant',
      clients: [ASSISTANT],
      dependsOn: [calendarUrl, mailUrl],
    })
    .grant({ user: 'usr_ada', application: 'assistant', resource: calendarUrl })
    .grant({ user: 'usr_ada', application: 'assistant', resource: mailUrl })
    .grant({ user: 'usr_bob', application: 'assistant', resource: calendarUrl })
    .start({ port: zonePort });
}
