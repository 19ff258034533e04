import { describe, expect, it } from 'vitest';
import {
  LocalZone,
  LocalZoneConfigurationError,
  type ZoneDeclaration,
} from 'nestjs-keycard/local-zone';

const API = 'https://api.example.test';
const client = { clientId: 'app', clientSecret: 'secret' };

const mistakes: [declaration: ZoneDeclaration, message: string][] = [
  [{ users: [{ id: 'a' }, { id: 'a' }] }, 'User "a" is declared twice.'],
  [
    { users: [{ id: 'a' }, { id: 'b', identifier: 'a' }] },
    'Two users go by the name "a".',
  ],
  [
    { resources: [{ identifier: API }, { identifier: API }] },
    `Resource "${API}" is declared twice.`,
  ],
  [
    { resources: [{ identifier: '/mcp' }] },
    'Resource "/mcp" must be an absolute URI without a fragment.',
  ],
  [
    { resources: [{ identifier: `${API}#top` }] },
    'must be an absolute URI without a fragment.',
  ],
  [
    { resources: [{ identifier: API, ttl: 0.5 }] },
    `The ttl of resource "${API}" must be a whole number of seconds`,
  ],
  [
    { resources: [{ identifier: API, ownedBy: 'nobody' }] },
    `Resource "${API}" is owned by application "nobody", which is not declared.`,
  ],
  [
    { applications: [{ id: 'app' }, { id: 'app' }] },
    'Application "app" is declared twice.',
  ],
  [
    { applications: [{ id: 'app', dependsOn: [API] }] },
    `Application "app" depends on resource "${API}", which is not declared.`,
  ],
  [
    { applications: [{ id: 'app', clients: [client, client] }] },
    'Client id "app" is declared twice.',
  ],
  [
    {
      applications: [
        { id: 'app', clients: [{ ...client, clientId: 'zone-connect' }] },
      ],
    },
    'Client id "zone-connect" is used by the zone itself.',
  ],
  [
    { grants: [{ user: 'ada', application: 'app', resource: API }] },
    'A grant names user "ada", which is not declared.',
  ],
  [
    {
      users: [{ id: 'ada' }],
      grants: [{ user: 'ada', application: 'app', resource: API }],
    },
    'A grant names application "app", which is not declared.',
  ],
  [
    {
      users: [{ id: 'ada' }],
      applications: [{ id: 'app' }],
      grants: [{ user: 'ada', application: 'app', resource: API }],
    },
    `A grant names resource "${API}", which is not declared.`,
  ],
  [
    {
      users: [{ id: 'ada' }],
      applications: [{ id: 'app' }],
      resources: [{ identifier: API, scopes: ['read'] }],
      grants: [
        { user: 'ada', application: 'app', resource: API, scopes: ['all'] },
      ],
    },
    `A grant names scope "all", which resource "${API}" does not have.`,
  ],
];

describe('a declaration', () => {
  it.each(mistakes)('%j is refused', async (declaration, message) => {
    const start = LocalZone.start(declaration);
    await expect(start).rejects.toThrow(LocalZoneConfigurationError);
    await expect(start).rejects.toMatchObject({
      code: 'ERR_LOCAL_ZONE_CONFIGURATION',
      message: expect.stringContaining(message) as string,
    });
  });

  it('may be empty', async () => {
    const zone = await LocalZone.start({});
    const response = await fetch(zone.jwksUri);
    expect(response.status).toBe(200);
    await zone.stop();
  });

  it('is what the builder builds, in any order', () => {
    const policy = { name: 'never', denies: () => true };
    const document = { client_id: 'https://client.test/client.json' };
    const grant = { user: 'ada', application: 'app', resource: API };
    const builder = LocalZone.create()
      .grant(grant)
      .policy(policy)
      .clientMetadataDocument(document)
      .application('app', { clients: [client], dependsOn: [API] })
      .resource(API, { scopes: ['read'], ownedBy: 'app' })
      .resource('https://bare.test')
      .application('bare')
      .user({ id: 'ada', name: 'Ada' });
    expect(builder.declaration()).toEqual({
      users: [{ id: 'ada', name: 'Ada' }],
      resources: [
        { identifier: API, scopes: ['read'], ownedBy: 'app' },
        { identifier: 'https://bare.test' },
      ],
      applications: [
        { id: 'app', clients: [client], dependsOn: [API] },
        { id: 'bare' },
      ],
      grants: [grant],
      policies: [policy],
      clientMetadataDocuments: { [document.client_id]: document },
    });
  });

  it('starts from the builder', async () => {
    const zone = await LocalZone.create()
      .user({ id: 'ada' })
      .resource(API, { scopes: ['read'], ownedBy: 'app', ttl: 42 })
      .application('app')
      .start();
    const login = await zone.login('ada');
    expect(login).toMatchObject({ scope: 'read', expiresIn: 42 });
    await zone.stop();
  });
});
