import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from './world.js';

describe('client registration', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it.each([
    [['http://127.0.0.1:1111/callback'], 'native'],
    [['http://localhost:1/cb', 'http://127.0.0.1/cb'], 'native'],
    [['com.example.desktop:/callback', 'http://127.0.0.1/cb'], 'native'],
    [['cursor://anysphere.cursor-retrieval/callback'], 'native'],
    [['https://app.example.test/callback'], 'web'],
  ])('makes a client with %j %s and public', async (redirect_uris, type) => {
    const client = await world.api.register({ redirect_uris });
    expect(client['application_type']).toBe(type);
    expect(client['token_endpoint_auth_method']).toBe('none');
    expect(client['client_secret']).toBeUndefined();
  });

  it('takes a scope that only a resource has, as the v1 MCP client sends', async () => {
    const client = await world.api.register({ scope: 'mcp:tools' });
    expect(client['client_id']).toMatch(/^dcr_/);
  });

  it('gives a secret to a client that asks for one', async () => {
    const client = await world.api.register({
      token_endpoint_auth_method: 'client_secret_basic',
    });
    expect(client['client_secret']).toEqual(expect.any(String));
  });

  it.each(['', 'not json', '[]', 'null'])(
    'answers the body %j with an error',
    async (body) => {
      const url = world.api.metadata['registration_endpoint'] as string;
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body });
      expect(response.status).toBe(400);
    },
  );

  it('can be turned off', async () => {
    const closed = await startWorld({ dynamicRegistration: false });
    expect(closed.api.metadata['registration_endpoint']).toBeUndefined();
    const url = `${closed.zone.issuer}/oauth/2/registration`;
    const response = await fetch(url, { method: 'POST', body: '{}' });
    expect(response.status).toBe(404);
    await closed.close();
  });
});
