import type { ZoneDeclaration } from 'nestjs-keycard/local-zone';
import type { KeyServer } from './key-server.js';

export const MCP = 'http://localhost:39101/mcp';
export const CALENDAR = 'https://calendar.example.test/v1';
export const WEATHER = 'https://weather.example.test';
export const VAULT = 'https://legacy.example.test';
export const PAYROLL = 'https://payroll.example.test';
export const DOCUMENT = 'https://client.example.test/oauth/client.json';

export const CLIENT_ID = 'assistant:1 %+';
export const CLIENT_SECRET = 's3cr%t:+/= &?"x';
export const WORKLOAD_ISSUER = 'https://cluster.example.test';
export const WORKLOAD_SUBJECT = 'system:serviceaccount:demo:assistant';

function formEncode(text: string): string {
  return encodeURIComponent(text).replaceAll('%20', '+');
}

function segment(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

export function basic(clientId: string, secret: string) {
  const pair = `${formEncode(clientId)}:${formEncode(secret)}`;
  return {
    authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
  };
}

export const ASSISTANT = basic(CLIENT_ID, CLIENT_SECRET);
export const OTHER = basic('other', 'other-secret');

/** The unsigned token that names a user to impersonate. */
export function substituteUser(
  sub: unknown,
  header: object = { typ: 'vnd.kc.su+jwt', alg: 'none' },
): string {
  return `${segment(header)}.${segment({ sub })}.`;
}

export function declareWorld(keys: KeyServer): ZoneDeclaration {
  return {
    users: [
      { id: 'usr_ada', identifier: 'ada@example.test', name: 'Ada Lovelace' },
      {
        id: 'usr_bob',
        identifier: 'bob@example.test',
        name: 'Bob "<b>" O\'Neil',
      },
      { id: 'usr_eve', name: 'Eve', password: 'correct horse' },
    ],
    resources: [
      {
        identifier: MCP,
        name: 'Assistant',
        ownedBy: 'app_assistant',
        scopes: ['mcp:tools', 'mcp:admin'],
      },
      {
        identifier: CALENDAR,
        name: 'Calendar <API>',
        scopes: ['events:read', 'events:write'],
        userConnected: true,
        ttl: 120,
      },
      {
        identifier: WEATHER,
        name: 'Weather API',
        scopes: ['forecast'],
        ttl: 60,
      },
      { identifier: VAULT, name: 'Legacy', vaultSecret: 'opaque-legacy-key' },
      { identifier: PAYROLL, name: 'Payroll' },
    ],
    applications: [
      {
        id: 'app_assistant',
        name: 'Assistant',
        dependsOn: [CALENDAR, WEATHER, VAULT],
        mayImpersonate: true,
        clients: [
          { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET },
          { clientId: 'assistant-key', jwksUri: keys.jwksUri },
          {
            clientId: 'assistant-workload',
            workload: {
              issuer: WORKLOAD_ISSUER,
              subject: WORKLOAD_SUBJECT,
              jwks: { keys: [keys.publicKey] },
            },
          },
        ],
      },
      {
        id: 'app_other',
        name: 'Other',
        dependsOn: [WEATHER],
        clients: [{ clientId: 'other', clientSecret: 'other-secret' }],
      },
    ],
    clientMetadataDocuments: {
      [DOCUMENT]: {
        client_id: DOCUMENT,
        client_name: 'Declared client',
        application_type: 'native',
        redirect_uris: ['http://127.0.0.1/callback'],
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        scope: 'mcp:tools',
      },
    },
  };
}
