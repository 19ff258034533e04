import { inspect } from 'node:util';
import { decodeJwt } from 'jose';
import { ClientSecret, type GrantedToken, Principal } from 'nestjs-keycard';
import { LocalZone, type ScriptedAnswer } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  ExchangeCache,
  type ExchangeCacheOptions,
} from '../../lib/delegation/exchange-cache.js';
import { TokenExchanger } from '../../lib/delegation/token-exchanger.js';
import { TokenExchangeService } from '../../lib/delegation/token-exchange.service.js';
import { createHttpFetch } from '../../lib/oauth/http-fetch.js';
import { ZoneDirectory } from '../../lib/zone/zone-directory.js';
import { ZoneDiscovery } from '../../lib/zone/zone-discovery.js';
import { findFreePort } from '../support/free-port.js';

const MCP = 'http://localhost:8000/mcp';
const CALENDAR = 'https://calendar.example.test';
const MAIL = 'https://mail.example.test';
const DOCUMENTS = 'https://documents.example.test';
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const APPLICATION = 'assistant';
const CREDENTIAL = new ClientSecret('assistant', 'assistant-secret-value');

const accessTokenOf = ({ accessToken }: GrantedToken) => accessToken;

const grant = (resource: string, ...scopes: string[]) => ({ resource, scopes });

interface ServiceOptions {
  readonly credential?: ClientSecret | null;
  readonly cache?: ExchangeCacheOptions | false;
}

function serviceWith(options: ServiceOptions = {}): TokenExchangeService {
  const fetch = createHttpFetch({ timeout: 5_000 });
  const { credential = CREDENTIAL, cache } = options;
  return new TokenExchangeService({
    discovery: new ZoneDiscovery(fetch),
    credential: credential ?? undefined,
    cache: new ExchangeCache(cache),
    zones: ZoneDirectory.single('http://localhost:1'),
    exchanger: new TokenExchanger(fetch),
  });
}

describe('TokenExchangeService', () => {
  let zone: LocalZone;
  let token: string;
  let ada: Principal;

  beforeAll(async () => {
    zone = await LocalZone.create()
      .user({ id: 'usr_ada' })
      .user({ id: 'usr_bob' })
      .resource(MCP, { scopes: ['mcp:tools'], ownedBy: APPLICATION })
      .resource(CALENDAR, { scopes: ['events:read', 'events:write'] })
      .resource(MAIL, { scopes: ['mail'], userConnected: true })
      .resource(DOCUMENTS, { scopes: ['read'] })
      .application(APPLICATION, {
        clients: [
          { clientId: 'assistant', clientSecret: 'assistant-secret-value' },
        ],
        dependsOn: [CALENDAR, MAIL],
      })
      .start();
    token = (await zone.login('usr_ada')).accessToken;
    ada = principalOf(token);
  });
  beforeEach(() => {
    zone.clearScripts();
    zone.clearCalls();
  });
  afterAll(() => zone.stop());

  function principalOf(subjectToken: string, changes: object = {}): Principal {
    const claims = decodeJwt(subjectToken);
    return new Principal(
      {
        issuer: zone.issuer,
        subject: claims.sub!,
        clientId: String(claims['client_id']),
        scopes: [],
        audience: [MCP],
        expiresAt: claims.exp!,
        resource: MCP,
        claims,
        ...changes,
      },
      subjectToken,
    );
  }

  const exchanges = () => zone.count('token', GRANT_TYPE);

  it('asks for exactly this', async () => {
    const service = serviceWith();
    await service.token(ada, grant(CALENDAR, 'events:read', 'events:write'));
    const [call] = zone.calls.filter(({ kind }) => kind === 'token');
    expect(call!.form).toEqual({
      grant_type: GRANT_TYPE,
      resource: CALENDAR,
      scope: 'events:read events:write',
      subject_token: token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    });
    expect(call!.headers).toMatchObject({
      authorization: `Basic ${btoa('assistant:assistant-secret-value')}`,
      'content-type': expect.stringContaining(
        'application/x-www-form-urlencoded',
      ),
    });
    expect(call!.method).toBe('POST');
  });

  it('leaves the scope out when none is asked for', async () => {
    await serviceWith().token(ada, grant(CALENDAR));
    const [call] = zone.calls.filter(({ kind }) => kind === 'token');
    expect(call!.form).not.toHaveProperty('scope');
  });

  it('gets a token for the resource, on behalf of the caller', async () => {
    const before = Date.now();
    const granted = await serviceWith().token(
      ada,
      grant(CALENDAR, 'events:read'),
    );
    expect(decodeJwt(granted.accessToken)).toMatchObject({
      aud: CALENDAR,
      sub: 'usr_ada',
    });
    expect(granted.accessToken).not.toBe(token);
    expect(granted).toMatchObject({
      tokenType: 'bearer',
      scopes: ['events:read'],
    });
    expect(granted.expiresAt).toBeGreaterThan(before);
    expect(granted.expiresAt).toBeLessThanOrEqual(ada.expiresAt * 1000 + 1000);
  });

  it('keeps what succeeded beside what failed, in order', async () => {
    const access = await serviceWith().exchange(ada, [
      grant(MAIL),
      grant(CALENDAR),
      grant(DOCUMENTS),
    ]);
    expect(access.getStatus()).toBe('partial_error');
    expect(access.getSuccessfulResources()).toEqual([CALENDAR]);
    expect(access.getFailedResources()).toEqual([MAIL, DOCUMENTS]);
    expect(access.getErrors()).toMatchObject({
      error: null,
      resources: {
        [MAIL]: {
          message: `Token exchange failed for ${MAIL}`,
          code: 'insufficient_authorization',
          description: expect.any(String),
          status: 400,
          retryable: false,
        },
        [DOCUMENTS]: {
          message: `Token exchange failed for ${DOCUMENTS}`,
          code: 'access_denied',
          description: expect.any(String),
          status: 400,
          retryable: false,
        },
      },
    });
  });

  it('does not wait for one resource before it asks for the next', async () => {
    const waiting: (() => void)[] = [];
    const asked = new Set<string>();
    const fetch = createHttpFetch();
    const service = new TokenExchangeService({
      discovery: new ZoneDiscovery(fetch),
      credential: CREDENTIAL,
      cache: new ExchangeCache(),
      zones: ZoneDirectory.single('http://localhost:1'),
      // Answers nobody before both have asked.
      exchanger: new TokenExchanger(async (url, init) => {
        asked.add((init!.body as URLSearchParams).get('resource')!);
        if (asked.size < 2) {
          await new Promise<void>((resolve) => waiting.push(resolve));
        }
        for (const resume of waiting) resume();
        return fetch(url, init);
      }),
    });
    const access = await service.exchange(ada, [
      grant(CALENDAR, 'events:read'),
      grant(CALENDAR.concat('/other')),
    ]);
    expect(asked.size).toBe(2);
    expect(access.getSuccessfulResources()).toEqual([CALENDAR]);
  });

  it('has nothing to do without grants', async () => {
    const access = await serviceWith().exchange(ada, []);
    expect(access.getStatus()).toBe('success');
    expect(zone.calls).toEqual([]);
  });

  it.each<[string, ScriptedAnswer, object]>([
    [
      'an OAuth error',
      {
        status: 400,
        body: {
          error: 'invalid_target',
          error_description: 'Unknown',
          error_uri: 'https://help.example.test',
          request_id: 'req-1',
        },
      },
      {
        code: 'invalid_target',
        description: 'Unknown',
        errorUri: 'https://help.example.test',
        requestId: 'req-1',
        status: 400,
        retryable: false,
      },
    ],
    [
      'an OAuth error without a description',
      { status: 400, body: { error: 'invalid_grant' } },
      { code: 'invalid_grant', status: 400, retryable: false },
    ],
    [
      'an OAuth error with status 200',
      { status: 200, body: { error: 'access_denied' } },
      { code: 'access_denied', status: 200, retryable: false },
    ],
    [
      'an OAuth error of an outage',
      { status: 503, body: { error: 'temporarily_unavailable' } },
      { code: 'temporarily_unavailable', status: 503, retryable: true },
    ],
    [
      'too many requests',
      { status: 429, body: 'slow down', contentType: 'text/plain' },
      { rawError: expect.any(String), status: 429, retryable: true },
    ],
    [
      'a page of a proxy',
      { status: 502, body: '<h1>secret-page</h1>', contentType: 'text/html' },
      { rawError: expect.any(String), status: 502, retryable: true },
    ],
    [
      'a redirect',
      { status: 302, headers: { location: 'https://evil.example.test' } },
      { rawError: expect.any(String), status: 302, retryable: false },
    ],
    [
      'a token of a type nobody can use',
      {
        status: 200,
        body: {
          access_token: 'secret-page',
          token_type: 'DPoP',
          issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        },
      },
      { rawError: expect.any(String), retryable: false },
    ],
    [
      'success without a token',
      { status: 200, body: { token_type: 'Bearer' } },
      { rawError: expect.any(String), retryable: false },
    ],
    [
      'no JSON',
      { status: 200, body: 'secret-page' },
      { rawError: expect.any(String), retryable: false },
    ],
  ])('tells of %s', async (_case, answer, expected) => {
    zone.script('token', answer);
    const service = serviceWith();
    const access = await service.exchange(ada, [grant(CALENDAR)]);
    expect(access.getResourceError(CALENDAR)).toEqual({
      message: `Token exchange failed for ${CALENDAR}`,
      ...expected,
    });
    expect(JSON.stringify(access)).not.toContain('secret-page');
    // Nothing sticks, and nothing was asked twice.
    expect(exchanges()).toBe(1);
    const later = await service.exchange(ada, [grant(CALENDAR)]);
    expect(later.getStatus()).toBe('success');
  });

  it('repeats neither a token nor a line break of a description', async () => {
    const description = `token ${token} is\nnot\r\nok${'!'.repeat(9_000)}`;
    const body = { error: 'invalid_grant', error_description: description };
    zone.script('token', { status: 400, body });
    const access = await serviceWith().exchange(ada, [grant(CALENDAR)]);
    const told = access.getResourceError(CALENDAR)!.description!;
    expect(told).toMatch(/^token \[token\] is not ok!+$/);
    expect(told.length).toBeLessThanOrEqual(500);
  });

  it('takes what is no error code for an answer that is none', async () => {
    const body = { error: 'line\nbreak' };
    zone.script('token', { status: 400, body });
    const access = await serviceWith().exchange(ada, [grant(CALENDAR)]);
    const error = access.getResourceError(CALENDAR)!;
    expect(error.code).toBeUndefined();
    expect(JSON.stringify(error)).not.toContain('break');
  });

  it('tells of a client secret that is wrong', async () => {
    const credential = new ClientSecret('assistant', 'wrong-secret-value');
    const access = await serviceWith({ credential }).exchange(ada, [
      grant(CALENDAR),
    ]);
    expect(access.getResourceError(CALENDAR)).toMatchObject({
      code: 'invalid_client',
      status: 401,
      retryable: false,
    });
    expect(inspect(access.getErrors(), { depth: 9 })).not.toContain(
      'wrong-secret-value',
    );
  });

  it.each([
    ['none', null, 'KEYCARD_CLIENT_ID'],
    [
      'none for this zone',
      new ClientSecret({ 'https://other.example.test': ['id', 'pw-value'] }),
      'https://other.example.test',
    ],
  ])('tells of a credential: %s', async (_case, credential, part) => {
    const access = await serviceWith({ credential }).exchange(ada, [
      grant(CALENDAR),
    ]);
    expect(access.getResourceError(CALENDAR)).toEqual({
      message: `Token exchange failed for ${CALENDAR}`,
      rawError: expect.stringContaining(part),
      retryable: false,
    });
    expect(exchanges()).toBe(0);
  });

  it('tells of a zone that is down', async () => {
    const issuer = `http://localhost:${await findFreePort()}`;
    const principal = principalOf(token, { issuer });
    const access = await serviceWith().exchange(principal, [
      grant(CALENDAR),
      grant(MAIL),
    ]);
    expect(access.getFailedResources()).toEqual([CALENDAR, MAIL]);
    expect(access.getResourceError(MAIL)).toEqual({
      message: `Token exchange failed for ${MAIL}`,
      rawError: expect.any(String),
      retryable: true,
    });
  });

  it('asks for nothing when the caller’s token has expired', async () => {
    const expiresAt = Math.floor(Date.now() / 1000) - 1;
    const expired = principalOf(token, { expiresAt });
    const access = await serviceWith().exchange(expired, [grant(CALENDAR)]);
    expect(access.getStatus()).toBe('error');
    expect(access.getError()).toMatchObject({ code: 'subject_token_expired' });
    expect(zone.calls).toEqual([]);
  });

  it('never throws, whatever the credential does', async () => {
    const credential = {
      identify: () => {
        throw new Error('a secret-page of a vault');
      },
    } as unknown as ClientSecret;
    const access = await serviceWith({ credential }).exchange(ada, [
      grant(CALENDAR),
    ]);
    expect(access.getResourceError(CALENDAR)).toEqual({
      message: `Token exchange failed for ${CALENDAR}`,
      rawError: 'unexpected error',
      retryable: false,
    });
  });

  describe('remembers', () => {
    it.each<[string, ServiceOptions['cache'], number]>([
      ['by default', undefined, 1],
      ['not when turned off', false, 2],
    ])('%s', async (_case, cache, expected) => {
      const service = serviceWith({ cache });
      await service.token(ada, grant(CALENDAR));
      await service.token(ada, grant(CALENDAR));
      expect(exchanges()).toBe(expected);
    });

    it('for one caller, resource and set of scopes', async () => {
      const service = serviceWith();
      const bob = principalOf((await zone.login('usr_bob')).accessToken);
      zone.clearCalls();
      const tokens = await Promise.all([
        service.token(ada, grant(CALENDAR)),
        service.token(bob, grant(CALENDAR)),
        service.token(ada, grant(CALENDAR, 'events:read')),
        service.token(ada, grant(CALENDAR, 'events:read', 'events:write')),
        service.token(ada, grant(CALENDAR, 'events:write', 'events:read')),
      ]);
      expect(exchanges()).toBe(4);
      expect(new Set(tokens.map(accessTokenOf)).size).toBe(4);
      expect(decodeJwt(tokens[0].accessToken).sub).toBe('usr_ada');
      expect(decodeJwt(tokens[1].accessToken).sub).toBe('usr_bob');
    });

    it('for one session of a caller', async () => {
      const service = serviceWith();
      const again = principalOf((await zone.login('usr_ada')).accessToken);
      zone.clearCalls();
      await service.token(ada, grant(CALENDAR));
      await service.token(again, grant(CALENDAR));
      expect(exchanges()).toBe(2);
    });
  });
});
