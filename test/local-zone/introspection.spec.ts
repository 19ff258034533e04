import { describe, expect, it } from 'vitest';
import { GrantType } from 'nestjs-keycard/local-zone';
import { useWorld } from './use-world.js';
import { ASSISTANT, MCP, OTHER, WEATHER } from './world.js';

const world = await useWorld();

const logIn = () => world.zone.login('usr_ada', { resource: MCP });

const revoke = (token: string, clientId: string) =>
  world.api.post(String(world.api.metadata['revocation_endpoint']), {
    token,
    client_id: clientId,
  });

describe('introspection', () => {
  it('describes a token to the owner of its audience', async () => {
    const { accessToken, clientId } = await logIn();
    const { body } = await world.api.introspect(accessToken, ASSISTANT);
    expect(body).toMatchObject({
      active: true,
      sub: 'usr_ada',
      sub_profile: 'user',
      client_id: clientId,
      aud: MCP,
      iss: world.zone.issuer,
      scope: 'mcp:tools mcp:admin',
      jti: expect.any(String) as string,
    });
  });

  it("describes an application's token to its own client", async () => {
    const { body } = await world.api.token(
      { grant_type: GrantType.ClientCredentials, resource: WEATHER },
      ASSISTANT,
    );
    const token = String(body['access_token']);
    const answer = await world.api.introspect(token, ASSISTANT);
    expect(answer.body).toMatchObject({
      active: true,
      sub: 'app_assistant',
      keycard_app_id: 'app_assistant',
    });
  });

  it('says nothing to a stranger', async () => {
    const { accessToken } = await logIn();
    const { body } = await world.api.introspect(accessToken, OTHER);
    expect(body).toEqual({ active: false });
  });

  it.each(['a.b.c', 'opaque', ''])('does not know %j', async (token) => {
    const { body } = await world.api.introspect(token, ASSISTANT);
    expect(body['active']).not.toBe(true);
  });

  it('does not know a token that was only minted', async () => {
    const token = await world.zone.mint({ sub: 'usr_ada', aud: MCP });
    const { body } = await world.api.introspect(token, ASSISTANT);
    expect(body).toEqual({ active: false });
  });
});

describe('revocation', () => {
  it('by the client of the token ends it everywhere', async () => {
    const { accessToken, clientId } = await logIn();
    expect((await revoke(accessToken, clientId)).status).toBe(200);
    const exchange = await world.api.exchange(accessToken);
    expect(exchange.body).toMatchObject({
      error: 'invalid_grant',
      error_description: 'subject_token was revoked',
    });
    const { body } = await world.api.introspect(accessToken, ASSISTANT);
    expect(body).toEqual({ active: false });
  });

  it('of the refresh token ends the access token as well', async () => {
    const { accessToken, refreshToken, clientId } = await logIn();
    await revoke(refreshToken ?? '', clientId);
    const { body } = await world.api.exchange(accessToken);
    expect(body['error_description']).toBe('subject_token was revoked');
  });

  it('by another client does nothing', async () => {
    const { accessToken } = await logIn();
    const stranger = await world.api.register();
    await revoke(accessToken, String(stranger['client_id']));
    expect((await world.api.exchange(accessToken)).status).toBe(200);
  });
});
