import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAccessTokenClaims } from '../../../lib/verification/access-token-claims.js';
import { ZoneUnavailableError } from '../../../lib/zone/zone-unavailable.error.js';
import {
  activeToken,
  createIntrospector,
  now,
  RESOURCE,
  startZone,
  targetIn,
  TOKEN,
  type Answer,
  type IntrospectionZone,
} from './zone.fixture.js';

let zone: IntrospectionZone;
beforeEach(async () => {
  zone = await startZone();
});
afterEach(() => zone.close());

const introspect = (token = TOKEN) =>
  createIntrospector().introspect(token, targetIn({ issuer: zone.issuer }));

describe('an active token', () => {
  it('has the claims of a JWT', async () => {
    const claims = await introspect();
    expect(claims).toEqual({
      iss: zone.issuer,
      sub: 'usr_ada',
      client_id: 'assistant',
      aud: RESOURCE,
      scope: 'mcp:tools notes:read',
      exp: expect.any(Number) as number,
      iat: expect.any(Number) as number,
    });
    expect(
      readAccessTokenClaims(claims!, { clockTolerance: 0, strict: false }),
    ).toMatchObject({
      subject: 'usr_ada',
      clientId: 'assistant',
      audience: [RESOURCE],
      scopes: ['mcp:tools', 'notes:read'],
    });
  });

  it('is asked about as an authenticated client', async () => {
    await introspect();
    const [request] = zone.requests;
    expect(Object.fromEntries(request!.body)).toEqual({
      token: TOKEN,
      token_type_hint: 'access_token',
    });
    const basic = Buffer.from('mcp-server:s3cret').toString('base64');
    expect(request!.authorization).toBe(`Basic ${basic}`);
  });

  it('may have the issuer named', async () => {
    zone.answer = { body: activeToken({ iss: zone.issuer }) };
    expect(await introspect()).toMatchObject({ iss: zone.issuer });
  });

  it('is taken to be issued now when nobody says when', async () => {
    zone.answer = { body: activeToken({ iat: undefined }) };
    const { iat } = (await introspect())!;
    expect(Math.abs(iat! - now())).toBeLessThan(60);
  });

  it('keeps the audience that the zone names: introspection reply with other aud', async () => {
    zone.answer = { body: activeToken({ aud: 'https://other.example.com' }) };
    expect(await introspect()).toMatchObject({
      aud: 'https://other.example.com',
    });
  });

  it('keeps its binding', async () => {
    const cnf = { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' };
    zone.answer = { body: activeToken({ cnf, token_type: 'DPoP' }) };
    expect(await introspect()).toMatchObject({ cnf });
  });

  it.each(['Bearer', 'bearer', 'BEARER'])('may be called %s', async (type) => {
    zone.answer = { body: activeToken({ token_type: type }) };
    expect(await introspect()).toBeDefined();
  });

  it('is not among its own claims', async () => {
    zone.answer = {
      body: activeToken({ jti: TOKEN, nested: { token: TOKEN, kept: 1 } }),
    };
    const claims = await introspect();
    expect(claims).toMatchObject({ nested: { kept: 1 } });
    expect(JSON.stringify(claims)).not.toContain(TOKEN);
  });

  it.each(['application/json', 'Application/JSON; charset=utf-8'])(
    'may be described as %s',
    async (contentType) => {
      zone.answer = { contentType, body: activeToken() };
      expect(await introspect()).toBeDefined();
    },
  );
});

describe('a token that is not surely active', () => {
  it.each<[string, Answer]>([
    ['inactive', { body: { active: false } }],
    ['inactive, with claims', { body: activeToken({ active: false }) }],
    [
      'token introspected `active:"true"` (string)',
      { body: activeToken({ active: 'true' }) },
    ],
    ['active: 1', { body: activeToken({ active: 1 }) }],
    ['active: null', { body: activeToken({ active: null }) }],
    ['active: [true]', { body: activeToken({ active: [true] }) }],
    ['active missing', { body: activeToken({ active: undefined }) }],
    ['Active', { body: activeToken({ active: undefined, Active: true }) }],
    ['an empty object', { body: {} }],
    [
      'active under __proto__',
      { body: '{"__proto__":{"active":true},"sub":"ada"}' },
    ],
    [
      'of another issuer',
      { body: activeToken({ iss: 'https://evil.example' }) },
    ],
    ['of an odd issuer', { body: activeToken({ iss: null }) }],
    ['of another type', { body: activeToken({ token_type: 'refresh_token' }) }],
    ['of an odd type', { body: activeToken({ token_type: ['Bearer'] }) }],
    ['bound to no key', { body: activeToken({ token_type: 'DPoP' }) }],
    [
      'not introspectable',
      { status: 400, body: { error: 'unsupported_token_type' } },
    ],
  ])('is refused: %s', async (_name, answer) => {
    zone.answer = answer;
    expect(await introspect()).toBeUndefined();
  });

  it('is refused with the issuer and a slash', async () => {
    zone.answer = { body: activeToken({ iss: `${zone.issuer}/` }) };
    expect(await introspect()).toBeUndefined();
  });

  it.each([
    '',
    ' ',
    'two words',
    'line\nbreak',
    'ümlaut',
    '=',
    'a=b',
    'x'.repeat(16_385),
  ])('causes no request when it is none: %j', async (token) => {
    expect(await introspect(token)).toBeUndefined();
    expect(zone.requests).toHaveLength(0);
  });
});

describe('a zone that gives no answer', () => {
  it.each<[string, Answer, string]>([
    [
      '200 with non-JSON',
      { contentType: 'text/html', body: '<html>' },
      'ERR_OAUTH_RESPONSE',
    ],
    ['200 with broken JSON', { body: '{"active":true' }, 'ERR_OAUTH_RESPONSE'],
    ['200 with nothing', { body: '' }, 'ERR_OAUTH_RESPONSE'],
    ['a list', { body: [{ active: true }] }, 'ERR_OAUTH_RESPONSE'],
    ['true', { body: 'true' }, 'ERR_OAUTH_RESPONSE'],
    ['null', { body: 'null' }, 'ERR_OAUTH_RESPONSE'],
    [
      'JSON under another name',
      { contentType: 'text/plain', body: activeToken() },
      'ERR_OAUTH_RESPONSE',
    ],
    [
      'a JWT that was not asked for',
      {
        contentType: 'application/token-introspection+jwt',
        body: activeToken(),
      },
      'ERR_OAUTH_RESPONSE',
    ],
    [
      'two audiences',
      { body: '{"active":true,"aud":"a","aud":"b"}' },
      'ERR_OAUTH_RESPONSE',
    ],
    [
      'JSON as deep as it gets',
      { body: `{"a":${'['.repeat(300_000)}${']'.repeat(300_000)}}` },
      'ERR_OAUTH_RESPONSE',
    ],
    ['201', { status: 201, body: activeToken() }, 'ERR_OAUTH_HTTP'],
    ['a redirect', { status: 302, location: '/x' }, 'ERR_OAUTH_HTTP'],
    ['500', { status: 500, body: activeToken() }, 'ERR_OAUTH_HTTP'],
    ['503', { status: 503, contentType: 'text/html' }, 'ERR_OAUTH_HTTP'],
    [
      'an unknown client',
      { status: 401, body: { error: 'invalid_client' } },
      'ERR_OAUTH_HTTP',
    ],
    [
      'a bad request',
      { status: 400, body: { error: 'invalid_request' } },
      'ERR_OAUTH_HTTP',
    ],
    ['429', { status: 429, body: {} }, 'ERR_OAUTH_HTTP'],
    ['silence', { delay: 4_000 }, 'ERR_OAUTH_NETWORK'],
  ])('is unavailable: %s', async (_name, answer, code) => {
    zone.answer = answer;
    const error: unknown = await introspect().catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ZoneUnavailableError);
    expect(error).toMatchObject({ issuer: zone.issuer, cause: { code } });
  });

  it('is unavailable: nobody listens', async () => {
    await zone.close();
    await expect(introspect()).rejects.toBeInstanceOf(ZoneUnavailableError);
  });

  it('does not have the token in its error', async () => {
    const body = { error: TOKEN, error_description: TOKEN };
    zone.answer = { status: 401, body };
    const error = (await introspect().catch(
      (reason: unknown) => reason,
    )) as Error;
    const { cause } = error as { cause: Error };
    const written = [error, cause].map(
      (one) => `${one.stack} ${JSON.stringify(one)}`,
    );
    expect(written.join(' ')).not.toContain(TOKEN);
  });
});
