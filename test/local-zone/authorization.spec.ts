import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GrantType, HeadlessBrowser } from 'nestjs-keycard/local-zone';
import {
  DOCUMENT,
  MCP,
  PAYROLL,
  startWorld,
  WEATHER,
  type AuthorizeOptions,
  type World,
} from './world.js';

describe.each(['keycard', 'plain'] as const)('sign-in, %s paths', (profile) => {
  let world: World;
  let clientId: string;
  beforeAll(async () => {
    world = await startWorld({ profile });
    clientId = (await world.api.register())['client_id'] as string;
  });
  afterEach(() => expect(world.problems).toEqual([]));
  afterAll(() => world.close());

  const authorize = (options: Partial<AuthorizeOptions> = {}) =>
    world.api.authorize({ clientId, ...options });

  const refresh = (refreshToken: unknown) =>
    world.api.token({
      grant_type: GrantType.RefreshToken,
      client_id: clientId,
      refresh_token: String(refreshToken),
    });

  it('issues a JWT for the resource, and names itself in the response', async () => {
    const { zone } = world;
    const login = await authorize();
    expect(login.query['iss']).toBe(zone.issuer);
    expect(login.query['state']).toBe(login.state);

    const { status, body } = await login.redeem();
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 300 });
    const keys = createRemoteJWKSet(new URL(zone.jwksUri));
    const { payload, protectedHeader } = await jwtVerify(
      body['access_token'],
      keys,
      { issuer: zone.issuer, audience: MCP },
    );
    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
    expect(payload).toEqual({
      iss: zone.issuer,
      sub: 'usr_ada',
      sub_profile: 'user',
      aud: MCP,
      client_id: clientId,
      scope: 'mcp:tools',
      sid: expect.stringMatching(/^ses_/) as string,
      jti: expect.any(String) as string,
      iat: expect.any(Number) as number,
      exp: (payload.iat ?? 0) + 300,
    });
  });

  it('grants every scope of the resource to a client that names none', async () => {
    const login = await authorize({ extra: { scope: '' } });
    const { body } = await login.redeem();
    expect(body['scope']).toBe('mcp:tools mcp:admin');
  });

  it('issues tokens for a resource without scopes', async () => {
    const login = await authorize({ resource: PAYROLL, extra: { scope: '' } });
    const { body } = await login.redeem();
    const claims = decodeJwt(body['access_token']);
    expect(claims).toMatchObject({ aud: PAYROLL, sub: 'usr_ada' });
    expect(claims).not.toHaveProperty('scope');
  });

  it('needs seven requests at first, and four when already signed in', async () => {
    const browser = new HeadlessBrowser();
    await authorize({ browser });
    expect(browser.steps).toHaveLength(7);
    const { query } = await authorize({ browser, user: 'nobody' });
    expect(browser.steps).toHaveLength(11);
    expect(query['code']).toEqual(expect.any(String));
  });

  it('refuses a redirect to another spelling of the host, on a page', async () => {
    const { end } = await authorize({
      redirectUri: 'http://localhost:5555/callback',
    });
    expect(end.status).toBe(400);
    expect(end.text).toContain('invalid_redirect_uri');
  });

  it.each<[string, Partial<AuthorizeOptions>, string]>([
    [
      'an unknown resource',
      { resource: 'https://nope.test' },
      'invalid_target',
    ],
    ['a resource with a slash more', { resource: `${MCP}/` }, 'invalid_target'],
    ['no resource', { resource: null }, 'invalid_target'],
    [
      'plain PKCE',
      { extra: { code_challenge_method: 'plain' } },
      'invalid_request',
    ],
    ['no PKCE', { extra: { code_challenge: '' } }, 'invalid_request'],
    ['a user who says no', { allow: false }, 'access_denied'],
  ])('refuses %s', async (_, options, error) => {
    const { query } = await authorize(options);
    expect(query['error']).toBe(error);
    expect(query['code']).toBeUndefined();
  });

  it('refuses two resources in one request', async () => {
    const url = new URL(world.zone.authorizationEndpoint);
    const parameters = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: 'http://127.0.0.1:5555/callback',
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
    });
    parameters.append('resource', MCP);
    parameters.append('resource', WEATHER);
    url.search = parameters.toString();
    const end = await new HeadlessBrowser().walk(url, {
      stopAt: 'http://127.0.0.1:5555',
    });
    expect(end.url.searchParams.get('error')).toBe('invalid_target');
  });

  it('refuses a wrong code verifier', async () => {
    const login = await authorize();
    const { body } = await login.redeem({ code_verifier: 'a'.repeat(43) });
    expect(body['error']).toBe('invalid_grant');
  });

  it('refuses a code for another resource than the granted one', async () => {
    const login = await authorize();
    const { body } = await login.redeem({ resource: WEATHER });
    expect(body['error']).toBe('invalid_target');
  });

  it('takes a code once; a replay revokes its tokens', async () => {
    const login = await authorize();
    const first = await login.redeem();
    expect(first.status).toBe(200);
    const subject = first.body['access_token'] as string;
    expect((await world.api.exchange(subject)).status).toBe(200);

    const replay = await login.redeem();
    expect(replay.body['error']).toBe('invalid_grant');
    const { body } = await world.api.exchange(subject);
    expect(body).toMatchObject({
      error: 'invalid_grant',
      error_description: 'subject_token was revoked',
    });
  });

  it('rotates refresh tokens; a reuse ends the family', async () => {
    const login = await authorize();
    const { body } = await login.redeem();
    const second = await refresh(body['refresh_token']);
    expect(second.status).toBe(200);
    expect(decodeJwt(second.body['access_token']).aud).toBe(MCP);
    expect(second.body['refresh_token']).not.toBe(body['refresh_token']);

    const reuse = await refresh(body['refresh_token']);
    expect(reuse.body['error']).toBe('invalid_grant');
    const family = await refresh(second.body['refresh_token']);
    expect(family.body['error']).toBe('invalid_grant');
  });

  it('takes a declared https client metadata document, without a network', async () => {
    const login = await authorize({
      clientId: DOCUMENT,
      redirectUri: 'http://127.0.0.1:7777/callback',
    });
    const { body } = await login.redeem();
    expect(decodeJwt(body['access_token']).client_id).toBe(DOCUMENT);
  });

  it('fetches a client metadata document from this machine', async () => {
    const { url } = world.keys;
    const id = `${url}/client`;
    const login = await authorize({
      clientId: id,
      redirectUri: `${url}/callback`,
    });
    const { body } = await login.redeem();
    expect(decodeJwt(body['access_token']).client_id).toBe(id);
  });

  it('refuses a client metadata document that names another client', async () => {
    const { url } = world.keys;
    const { end } = await authorize({
      clientId: `${url}/other`,
      redirectUri: `${url}/callback`,
    });
    expect(end.text).toContain('invalid_client');
  });
});
