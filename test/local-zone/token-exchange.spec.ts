import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  GrantType,
  TokenType,
  type IssuedToken,
} from 'nestjs-keycard/local-zone';
import { useExchanges, useWorld } from './use-world.js';
import {
  CALENDAR,
  CLIENT_ID,
  MCP,
  now,
  startWorld,
  VAULT,
  WEATHER,
} from './world.js';

const world = await useWorld();
const { exchange, impersonate, asSelf } = await useExchanges(world);

describe('a token exchange', () => {
  it('answers with a token for the resource', async () => {
    const { status, body } = await exchange();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 60,
      scope: 'forecast',
      issued_token_type: TokenType.AccessToken,
    });
    const claims = decodeJwt(body['access_token']);
    expect(claims).toEqual({
      iss: world.zone.issuer,
      sub: 'usr_ada',
      sub_profile: 'user',
      aud: WEATHER,
      client_id: CLIENT_ID,
      scope: 'forecast',
      jti: expect.any(String) as string,
      iat: expect.any(Number) as number,
      exp: (claims.iat ?? 0) + 60,
    });
  });

  it('takes the subject token type jwt as well', async () => {
    const { status } = await exchange({ subject_token_type: TokenType.Jwt });
    expect(status).toBe(200);
  });

  it('hands out the secret of a vault, without an expiry', async () => {
    const { body } = await exchange({ resource: VAULT });
    expect(body['access_token']).toBe('opaque-legacy-key');
    expect(body).not.toHaveProperty('expires_in');
  });

  it('says what it issued', async () => {
    const issued: IssuedToken[] = [];
    const listener = (token: IssuedToken) => issued.push(token);
    world.zone.on('issued', listener);
    await exchange();
    await exchange({ resource: VAULT });
    world.zone.off('issued', listener);
    const common = {
      grantType: GrantType.TokenExchange,
      clientId: CLIENT_ID,
      application: 'app_assistant',
      user: 'usr_ada',
    };
    expect(issued).toEqual([
      { ...common, resource: WEATHER, scopes: ['forecast'] },
      { ...common, resource: VAULT, scopes: [] },
    ]);
  });
});

describe('user grants', () => {
  beforeEach(() => {
    world.zone.grant({
      user: 'usr_ada',
      application: 'app_assistant',
      resource: CALENDAR,
      scopes: ['events:read'],
    });
  });
  afterEach(() => {
    world.zone.revokeGrant({
      user: 'usr_ada',
      application: 'app_assistant',
      resource: CALENDAR,
    });
  });

  it('limit the scopes of the token', async () => {
    const { body } = await exchange({ resource: CALENDAR });
    expect(body).toMatchObject({ scope: 'events:read', expires_in: 120 });
    const more = await exchange({ resource: CALENDAR, scope: 'events:write' });
    expect(more.body['error']).toBe('invalid_scope');
  });

  it('end when they are revoked', async () => {
    const grant = {
      user: 'usr_ada',
      application: 'app_assistant',
      resource: CALENDAR,
    };
    expect(world.zone.revokeGrant(grant)).toBe(true);
    expect(world.zone.revokeGrant(grant)).toBe(false);
    const { body } = await exchange({ resource: CALENDAR });
    expect(body['error']).toBe('insufficient_authorization');
  });

  it.each(['ada@example.test', 'usr_ada'])(
    'let an application impersonate %s',
    async (identifier) => {
      const { body } = await impersonate(identifier, { resource: CALENDAR });
      const claims = decodeJwt(body['access_token']);
      expect(claims).toMatchObject({ sub: 'usr_ada', aud: CALENDAR });
    },
  );
});

describe('lifetimes', () => {
  it('end with the subject token', async () => {
    const lenient = await startWorld({ acceptMinted: true });
    const exp = now() + 20;
    const subject = await lenient.zone.mint({ sub: 'usr_ada', aud: MCP, exp });
    const { body } = await lenient.api.exchange(subject);
    expect(decodeJwt(body['access_token']).exp).toBeLessThanOrEqual(exp);
    await lenient.close();
  });
});

describe('an application as itself', () => {
  it('is the subject of its token', async () => {
    const { body } = await asSelf(WEATHER);
    expect(body).toMatchObject({ expires_in: 60, scope: 'forecast' });
    expect(body).not.toHaveProperty('issued_token_type');
    const claims = decodeJwt(body['access_token']);
    expect(claims).toMatchObject({
      sub: 'app_assistant',
      sub_profile: 'app',
      keycard_app_id: 'app_assistant',
      client_id: CLIENT_ID,
      aud: WEATHER,
    });
    expect(claims).not.toHaveProperty('sid');
  });

  it('stays the subject when its token is exchanged', async () => {
    const lenient = await startWorld({ acceptMinted: true });
    const subject = await lenient.zone.mint({
      sub: 'app_caller',
      sub_profile: 'app',
      aud: MCP,
    });
    const { body } = await lenient.api.exchange(subject);
    expect(decodeJwt(body['access_token'])).toMatchObject({
      sub: 'app_caller',
      sub_profile: 'app',
      keycard_app_id: 'app_caller',
    });
    await lenient.close();
  });
});

describe('the actor claim', () => {
  it('names the application, and whoever acted before', async () => {
    const acting = await startWorld({ actorClaim: true, acceptMinted: true });
    const first = await acting.zone.mint({ sub: 'usr_ada', aud: MCP });
    const once = await acting.api.exchange(first);
    expect(decodeJwt(once.body['access_token'])['act']).toEqual({
      sub: 'app_assistant',
    });

    const act = { sub: 'app_before' };
    const second = await acting.zone.mint({ sub: 'usr_ada', aud: MCP, act });
    const twice = await acting.api.exchange(second);
    expect(decodeJwt(twice.body['access_token'])['act']).toEqual({
      sub: 'app_assistant',
      act,
    });
    await acting.close();
  });
});
