import { inspect } from 'node:util';
import { decodeJwt } from 'jose';
import {
  ClientSecret,
  type GrantedToken,
  type Principal,
} from 'nestjs-keycard';
import type { LocalZone, ScriptedAnswer } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHttpFetch } from '../../lib/oauth/http-fetch.js';
import { findFreePort } from '../support/free-port.js';
import {
  CALENDAR,
  DOCUMENTS,
  GRANT_TYPE,
  MAIL,
  principalOf as principalWith,
  serviceWith,
  startZone,
  type ServiceOptions,
} from './support/exchange-world.js';

const accessTokenOf = ({ accessToken }: GrantedToken) => accessToken;

const grant = (resource: string, ...scopes: string[]) => ({ resource, scopes });

describe('TokenExchangeService', () => {
  let zone: LocalZone;
  let token: string;
  let ada: Principal;

  beforeAll(async () => {
    zone = await startZone();
    token = (await zone.login('usr_ada')).accessToken;
    ada = principalOf(token);
  });
  beforeEach(() => {
    zone.clearScripts();
    zone.clearCalls();
  });
  afterAll(() => zone.stop());

  const principalOf = (subjectToken: string, changes: object = {}) =>
    principalWith(zone.issuer, subjectToken, changes);

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
    const service = serviceWith({
      // Answers nobody before both have asked.
      fetch: async (url, init) => {
        const resource = (init?.body as URLSearchParams | undefined)?.get(
          'resource',
        );
        if (!resource) return fetch(url, init);
        asked.add(resource);
        if (asked.size < 2) {
          await new Promise<void>((resolve) => waiting.push(resolve));
        }
        for (const resume of waiting) resume();
        return fetch(url, init);
      },
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

  it.each<[string, ScriptedAnswer, object, number]>([
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
      1,
    ],
    [
      'an OAuth error without a description',
      { status: 400, body: { error: 'invalid_grant' } },
      { code: 'invalid_grant', status: 400, retryable: false },
      1,
    ],
    [
      'an OAuth error with status 200',
      { status: 200, body: { error: 'access_denied' } },
      { code: 'access_denied', status: 200, retryable: false },
      1,
    ],
    [
      'an OAuth error of an outage',
      { status: 503, body: { error: 'temporarily_unavailable' } },
      { code: 'temporarily_unavailable', status: 503, retryable: true },
      2,
    ],
    [
      'too many requests',
      { status: 429, body: 'slow down', contentType: 'text/plain' },
      { rawError: expect.any(String), status: 429, retryable: true },
      2,
    ],
    [
      'a page of a proxy',
      { status: 502, body: '<h1>secret-page</h1>', contentType: 'text/html' },
      { rawError: expect.any(String), status: 502, retryable: true },
      2,
    ],
    [
      'a redirect',
      { status: 302, headers: { location: 'https://evil.example.test' } },
      { rawError: expect.any(String), status: 302, retryable: false },
      1,
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
      1,
    ],
    [
      'success without a token',
      { status: 200, body: { token_type: 'Bearer' } },
      { rawError: expect.any(String), retryable: false },
      1,
    ],
    [
      'no JSON',
      { status: 200, body: 'secret-page' },
      { rawError: expect.any(String), retryable: false },
      1,
    ],
    [
      'a page of the server',
      { status: 500, body: '<h1>secret-page</h1>', contentType: 'text/html' },
      { rawError: expect.any(String), status: 500, retryable: true },
      1,
    ],
    [
      'an OAuth error of the server',
      { status: 500, body: { error: 'server_error' } },
      { code: 'server_error', status: 500, retryable: true },
      1,
    ],
    [
      'a gateway that waited too long',
      { status: 504, body: 'secret-page', contentType: 'text/plain' },
      { rawError: expect.any(String), status: 504, retryable: true },
      2,
    ],
    [
      'a wrong type of issued token',
      {
        status: 200,
        body: {
          access_token: 'secret-page',
          token_type: 'Bearer',
          issued_token_type: 'urn:ietf:params:oauth:token-type:id_token',
        },
      },
      { rawError: expect.any(String), retryable: false },
      1,
    ],
  ])('tells of %s', async (_case, answer, expected, requests) => {
    zone.script('token', { ...answer, times: requests });
    // A service that remembers no refusals, to see that nothing else sticks.
    const service = serviceWith({ cache: { refusalLifetime: 0 } });
    const access = await service.exchange(ada, [grant(CALENDAR)]);
    expect(access.getResourceError(CALENDAR)).toEqual({
      message: `Token exchange failed for ${CALENDAR}`,
      ...expected,
    });
    expect(JSON.stringify(access)).not.toContain('secret-page');
    expect(exchanges()).toBe(requests);
    const later = await service.exchange(ada, [grant(CALENDAR)]);
    expect(later.getStatus()).toBe('success');
    expect(exchanges()).toBe(requests + 1);
  });

  it.each([429, 502, 503, 504])(
    'asks once more after status %i, and succeeds',
    async (status) => {
      zone.script('token', { status, body: 'later', contentType: 'text/html' });
      const access = await serviceWith().exchange(ada, [grant(CALENDAR)]);
      expect(access.getStatus()).toBe('success');
      expect(exchanges()).toBe(2);
    },
  );

  it('asks once more when there was no answer', async () => {
    const fetch = createHttpFetch();
    let failures = 1;
    const service = serviceWith({
      fetch: createHttpFetch({
        fetch: (url, init) => {
          const isFailure = init?.method === 'POST' && failures-- > 0;
          return isFailure
            ? Promise.reject(new TypeError('fetch failed'))
            : fetch(url as string, init);
        },
      }),
    });
    const access = await service.exchange(ada, [grant(CALENDAR)]);
    expect(access.getStatus()).toBe('success');
    expect(exchanges()).toBe(1);
  });

  it.each([
    ['access_denied', 1],
    ['invalid_target', 1],
    ['invalid_grant', 1],
    ['unauthorized_client', 1],
    ['insufficient_authorization', 2],
    ['consent_required', 2],
    ['interaction_required', 2],
    ['authorization_required', 2],
    ['user_authorization_required', 2],
    ['invalid_client', 2],
    ['some_vendor_code', 2],
  ])('asked again at once after %s, asks %i times', async (error, requests) => {
    zone.script('token', { status: 400, body: { error }, times: 2 });
    const service = serviceWith();
    for (let round = 0; round < 2; round++) {
      const access = await service.exchange(ada, [grant(CALENDAR)]);
      expect(access.getResourceError(CALENDAR)).toMatchObject({ code: error });
    }
    expect(exchanges()).toBe(requests);
  });

  it('remembers a refusal for the one it was for only', async () => {
    const service = serviceWith();
    const bob = principalOf((await zone.login('usr_bob')).accessToken);
    zone.script('token', { status: 400, body: { error: 'access_denied' } });
    const refused = await service.exchange(ada, [grant(CALENDAR)]);
    expect(refused.getFailedResources()).toEqual([CALENDAR]);
    const access = await service.exchange(bob, [grant(CALENDAR)]);
    expect(access.getStatus()).toBe('success');
    await service.invalidate(ada, grant(CALENDAR));
    const again = await service.exchange(ada, [grant(CALENDAR)]);
    expect(again.getStatus()).toBe('success');
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
    expect(error.retryable).toBe(false);
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
