import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  GrantType,
  HeadlessBrowser,
  LocalZone,
  type ZoneClient,
} from 'nestjs-keycard/local-zone';
import { KeyServer } from './key-server.js';
import {
  asForm,
  now,
  WEATHER,
  WORKLOAD_ISSUER,
  WORKLOAD_SUBJECT,
  ZoneApi,
} from './world.js';

let keys: KeyServer;
beforeAll(async () => {
  keys = await KeyServer.start();
});
afterAll(() => keys.close());

async function startWith(client: ZoneClient) {
  const zone = await LocalZone.start({
    resources: [{ identifier: WEATHER }],
    applications: [{ id: 'app', dependsOn: [WEATHER], clients: [client] }],
  });
  return { zone, api: await ZoneApi.discover(zone) };
}

describe('declared clients', () => {
  it('are a client with its keys by value', async () => {
    const jwks = { keys: [keys.publicKey] };
    const { zone, api } = await startWith({ clientId: 'app-key', jwks });
    const assertion = await keys.sign({
      iss: 'app-key',
      sub: 'app-key',
      aud: zone.tokenEndpoint,
      jti: randomUUID(),
      exp: now() + 60,
    });
    const { status } = await api.token({
      grant_type: GrantType.ClientCredentials,
      resource: WEATHER,
      ...asForm(assertion),
    });
    expect(status).toBe(200);
    await zone.stop();
  });

  it.each([
    ['sts.example.test', 200],
    ['sts.other.test', 401],
  ])('are a workload for audience %s: %i', async (aud, expected) => {
    const { zone, api } = await startWith({
      clientId: 'app-workload',
      workload: {
        issuer: WORKLOAD_ISSUER,
        subject: WORKLOAD_SUBJECT,
        audience: 'sts.example.test',
        jwksUri: keys.jwksUri,
      },
    });
    const token = await keys.sign({
      iss: WORKLOAD_ISSUER,
      sub: WORKLOAD_SUBJECT,
      aud,
      exp: now() + 60,
    });
    const { status } = await api.token({
      grant_type: GrantType.ClientCredentials,
      resource: WEATHER,
      ...asForm(token),
    });
    expect(status).toBe(expected);
    await zone.stop();
  });

  it('are an application that users sign in to', async () => {
    const redirectUri = 'https://app.example.test/callback';
    const client = { clientId: 'web', clientSecret: 'web-secret' };
    const zone = await LocalZone.create()
      .user({ id: 'ada' })
      .resource(WEATHER, { ownedBy: 'web' })
      .application('web', { clients: [client], redirectUris: [redirectUri] })
      .start();
    const login = await zone.login('ada', { ...client, redirectUri });
    expect(decodeJwt(login.accessToken)).toMatchObject({
      sub: 'ada',
      client_id: 'web',
    });
    await zone.stop();
  });

  it('need PKCE although they have a secret', async () => {
    const redirectUri = 'https://app.example.test/callback';
    const client = { clientId: 'web', clientSecret: 'web-secret' };
    const zone = await LocalZone.create()
      .resource(WEATHER, { ownedBy: 'web' })
      .application('web', { clients: [client], redirectUris: [redirectUri] })
      .start();
    const url = new URL(zone.authorizationEndpoint);
    url.search = new URLSearchParams({
      client_id: 'web',
      response_type: 'code',
      redirect_uri: redirectUri,
      resource: WEATHER,
    }).toString();
    const end = await new HeadlessBrowser().walk(url, { stopAt: redirectUri });
    expect(end.url.searchParams.get('error')).toBe('invalid_request');
    await zone.stop();
  });
});
