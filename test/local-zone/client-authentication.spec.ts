import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { GrantType } from 'nestjs-keycard/local-zone';
import { useWorld } from './use-world.js';
import {
  asForm,
  ASSISTANT,
  basic,
  CLIENT_ID,
  CLIENT_SECRET,
  now,
  startWorld,
  WEATHER,
  WORKLOAD_ISSUER,
  WORKLOAD_SUBJECT,
  type Form,
} from './world.js';

const world = await useWorld();

const request = (form: Form = {}, headers: Form = {}) =>
  world.api.token(
    { grant_type: GrantType.ClientCredentials, resource: WEATHER, ...form },
    headers,
  );

describe('secrets', () => {
  it('may hold reserved characters, form-encoded in Basic', async () => {
    const { status } = await request({}, ASSISTANT);
    expect(status).toBe(200);
  });

  it('may come in the form', async () => {
    const { status } = await request({
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
    });
    expect(status).toBe(200);
  });

  it('are refused as a bad request when sent without encoding', async () => {
    const pair = Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`);
    const authorization = `Basic ${pair.toString('base64')}`;
    const { status, body } = await request({}, { authorization });
    expect(status).toBe(400);
    expect(body['error']).toBe('invalid_request');
  });

  it.each<[string, () => Form]>([
    ['a wrong secret', () => basic(CLIENT_ID, 'x')],
    ['an unknown client', () => basic('nobody', 'x')],
    ['no authentication', () => ({})],
  ])('answer %s with 401 invalid_client', async (_, headers) => {
    const { status, body } = await request({}, headers());
    expect(status).toBe(401);
    expect(body['error']).toBe('invalid_client');
  });

  it('say when there is no credential at all', async () => {
    const { body } = await request();
    expect(body['error_description']).toBe(
      'No token application credential configured',
    );
  });

  it('do not make a self-registered client an application', async () => {
    const client = await world.api.register();
    const form = { client_id: String(client['client_id']) };
    const { status, body } = await request(form);
    expect(status).toBe(400);
    expect(body['error']).toBe('unauthorized_client');
  });

  it('do not, even when it registers for the grant', async () => {
    const client = await world.api.register({
      redirect_uris: [],
      response_types: [],
      grant_types: [GrantType.TokenExchange, GrantType.ClientCredentials],
      token_endpoint_auth_method: 'client_secret_post',
    });
    const { body } = await request({
      client_id: String(client['client_id']),
      client_secret: String(client['client_secret']),
    });
    expect(body).toMatchObject({
      error: 'unauthorized_client',
      error_description: 'client is not an application of this zone',
    });
  });
});

const signAssertion = (claims: object = {}) =>
  world.keys.sign({
    iss: 'assistant-key',
    sub: 'assistant-key',
    aud: world.zone.tokenEndpoint,
    jti: randomUUID(),
    iat: now(),
    exp: now() + 60,
    ...claims,
  });

const signWorkloadToken = (claims: object = {}) =>
  world.keys.sign({
    iss: WORKLOAD_ISSUER,
    sub: WORKLOAD_SUBJECT,
    aud: world.zone.issuer,
    exp: now() + 600,
    ...claims,
  });

describe('signed assertions', () => {
  it('are taken once', async () => {
    const form = asForm(await signAssertion());
    const first = await request(form);
    expect(first.status).toBe(200);
    expect(decodeJwt(first.body['access_token'])).toMatchObject({
      client_id: 'assistant-key',
      sub: 'app_assistant',
    });
    const again = await request(form);
    expect(again.status).toBe(401);
    expect(again.body['error']).toBe('invalid_client');
  });

  it.each<[string, () => object]>([
    ['another audience', () => ({ aud: 'https://else.test' })],
    ['the issuer as audience', () => ({ aud: world.zone.issuer })],
    [
      'one more audience',
      () => ({ aud: [world.zone.tokenEndpoint, 'https://else.test'] }),
    ],
    ['a long life', () => ({ exp: now() + 900 })],
    ['no life left', () => ({ exp: now() - 1 })],
    ['another issuer', () => ({ iss: 'other' })],
    ['no jti', () => ({ jti: undefined })],
  ])('are refused with %s', async (_, claims) => {
    const { status, body } = await request(
      asForm(await signAssertion(claims())),
    );
    expect(status).toBe(401);
    expect(body['error']).toBe('invalid_client');
  });

  it('keep working with a new key after refreshClient', async () => {
    const own = await startWorld();
    const send = async () =>
      own.api.token({
        grant_type: GrantType.ClientCredentials,
        resource: WEATHER,
        ...asForm(
          await own.keys.sign({
            iss: 'assistant-key',
            sub: 'assistant-key',
            aud: own.zone.tokenEndpoint,
            jti: randomUUID(),
            exp: now() + 60,
          }),
        ),
      });
    expect((await send()).status).toBe(200);
    await own.keys.changeKey();
    expect((await send()).status).toBe(401);
    own.zone.refreshClient('assistant-key');
    expect((await send()).status).toBe(200);
    await own.close();
  });
});

describe('workload tokens', () => {
  it.each<[string, Form]>([
    ['alone', {}],
    ['with the client id', { client_id: 'assistant-workload' }],
  ])('authenticate %s', async (_, form) => {
    const { status, body } = await request({
      ...asForm(await signWorkloadToken()),
      ...form,
    });
    expect(status).toBe(200);
    expect(decodeJwt(body['access_token'])).toMatchObject({
      client_id: 'assistant-workload',
      sub: 'app_assistant',
    });
  });

  it.each<[string, () => object]>([
    ['another audience', () => ({ aud: 'sts.example.test' })],
    ['another subject', () => ({ sub: 'system:serviceaccount:evil' })],
    ['another issuer', () => ({ iss: 'https://evil.test' })],
    ['an expiry in the past', () => ({ exp: now() - 60 })],
    ['no expiry', () => ({ exp: undefined })],
  ])('are refused with %s', async (_, claims) => {
    const assertion = asForm(await signWorkloadToken(claims()));
    const { status, body } = await request(assertion);
    expect(status).toBe(401);
    expect(body['error']).toBe('invalid_client');
  });

  it('are refused for a client they do not belong to', async () => {
    const assertion = asForm(await signWorkloadToken());
    const { status, body } = await request({
      ...assertion,
      client_id: 'other',
    });
    expect(status).toBe(400);
    expect(body['error']).toBe('invalid_request');
  });

  it('are refused when the signature is wrong', async () => {
    const token = await signWorkloadToken();
    const [header, payload] = token.split('.');
    const { body } = await request(asForm(`${header}.${payload}.AAAA`));
    expect(body['error']).toBe('invalid_client');
  });
});
