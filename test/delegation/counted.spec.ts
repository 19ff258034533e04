import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Principal } from 'nestjs-keycard';
import type { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ExchangeReport } from '../../lib/delegation/exchange-report.js';
import { createHttpFetch } from '../../lib/oauth/http-fetch.js';
import { ZoneServer, TOKEN } from '../support/zone-server.js';
import {
  CALENDAR,
  CREDENTIAL,
  GRANT_TYPE,
  MAIL,
  principalOf,
  SECRET,
  serviceWith,
  startZone,
  STATUS,
} from './support/exchange-world.js';

describe('a zone with a slow token endpoint', () => {
  let zone: LocalZone;
  let token: string;
  let ada: Principal;

  beforeAll(async () => {
    zone = await startZone();
    token = (await zone.login('usr_ada')).accessToken;
    ada = principalOf(zone.issuer, token);
  });
  beforeEach(() => {
    zone.clearScripts();
    zone.clearCalls();
  });
  afterAll(() => zone.stop());

  const exchanges = () => zone.count('token', GRANT_TYPE);

  it('is asked once by 200 equal calls at the same time', async () => {
    zone.script('token', { delay: 100, times: 500 });
    const reports: ExchangeReport[] = [];
    const service = serviceWith({ onExchange: (one) => reports.push(one) });
    const calls = await Promise.all(
      Array.from({ length: 200 }, () => service.exchange(ada, [CALENDAR])),
    );
    const tokens = calls.map((call) => call.access(CALENDAR).accessToken);
    expect(new Set(tokens).size).toBe(1);
    expect(exchanges()).toBe(1);
    const count = (cache: string) =>
      reports.filter((report) => report.cache === cache).length;
    expect([count('miss'), count('hit')]).toEqual([1, 199]);
    const attempts = reports.map((report) => report.attempts);
    expect(attempts.reduce((sum, one) => sum + one, 0)).toBe(1);
  });

  it('is asked once by 200 equal calls without a cache, too', async () => {
    zone.script('token', { delay: 100, times: 500 });
    const service = serviceWith({ cache: false });
    await Promise.all(
      Array.from({ length: 200 }, () => service.token(ada, CALENDAR)),
    );
    expect(exchanges()).toBe(1);
  });

  it('is asked for three resources before it has answered one', async () => {
    const fetch = createHttpFetch();
    let answered = 0;
    const answeredBefore: number[] = [];
    zone.script('token', { delay: 100, times: 3 });
    const service = serviceWith({
      fetch: async (url, init) => {
        if (init?.method !== 'POST') return fetch(url, init);
        answeredBefore.push(answered);
        const response = await fetch(url, init);
        answered += 1;
        return response;
      },
    });
    await service.exchange(ada, [CALENDAR, STATUS, MAIL]);
    expect(answeredBefore).toEqual([0, 0, 0]);
  });

  it('goes on for the waiter who is left', async () => {
    zone.script('token', { delay: 100 });
    const service = serviceWith();
    const controllers = [0, 1, 2].map(() => new AbortController());
    const calls = controllers.map(({ signal }) =>
      service.token(ada, CALENDAR, { signal }),
    );
    const outcomes = Promise.allSettled(calls);
    controllers[0]!.abort(new Error('first'));
    controllers[2]!.abort(new Error('last'));
    expect((await outcomes).map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'rejected',
    ]);
    expect(exchanges()).toBe(1);
  });

  it('works again after an outage, in the same service', async () => {
    const down = { status: 503, body: 'down', contentType: 'text/html' };
    for (const kind of ['discovery', 'token'] as const) {
      const service = serviceWith();
      zone.script(kind, { ...down, times: 2 });
      const during = await service.exchange(ada, [CALENDAR]);
      expect(during.getResourceError(CALENDAR)).toMatchObject({
        retryable: true,
      });
      zone.clearScripts();
      const after = await service.exchange(ada, [CALENDAR]);
      expect(after.getStatus()).toBe('success');
    }
  });

  it('gives a waiting call up during discovery', async () => {
    zone.script('discovery', { delay: 100 });
    const controller = new AbortController();
    const service = serviceWith();
    const call = service.exchange(ada, [CALENDAR], {
      signal: controller.signal,
    });
    controller.abort(new Error('given up'));
    await expect(call).rejects.toThrow('given up');
    expect(exchanges()).toBe(0);
  });
});

describe('a token endpoint', () => {
  let zone: ZoneServer;
  let ada: Principal;
  const secrets = [SECRET, btoa(`assistant:${SECRET}`)];
  // An unsigned token will do: nobody verifies it here.
  const token = [
    Buffer.from('{"alg":"none"}').toString('base64url'),
    Buffer.from(
      JSON.stringify({ sub: 'usr_ada', client_id: 'c', exp: 4_000_000_000 }),
    ).toString('base64url'),
    'signature-that-is-secret',
  ].join('.');

  beforeAll(async () => {
    zone = await ZoneServer.start();
    ada = principalOf(zone.issuer, token);
  });
  beforeEach(() => zone.reset());
  afterAll(() => zone.stop());

  const ask = {
    caller: (service: ReturnType<typeof serviceWith>) =>
      service.token(ada, CALENDAR),
    user: (service: ReturnType<typeof serviceWith>) =>
      service.impersonate('usr_bob', { resource: CALENDAR }),
    application: (service: ReturnType<typeof serviceWith>) =>
      service.asApplication({ resource: CALENDAR }),
  };
  const authorities = Object.keys(ask) as (keyof typeof ask)[];

  /** A server that must hear nothing. */
  async function startTrap() {
    const heard: string[] = [];
    const server = createServer((request, response) => {
      heard.push(request.url!);
      response.end('{"access_token":"evil","token_type":"Bearer"}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { heard, server, origin: `http://127.0.0.1:${port}` };
  }

  describe.each(authorities)('asked for the authority of the %s', (kind) => {
    it.each([301, 302, 303, 307, 308])(
      'that answers %i is not followed',
      async (status) => {
        const { heard, server, origin } = await startTrap();
        zone.on(TOKEN, { status, headers: { location: `${origin}/token` } });
        const outcome = ask[kind](serviceWith({ issuer: zone.issuer }));
        await expect(outcome).rejects.toMatchObject({
          name: 'OAuthHttpError',
          status,
          retryable: false,
        });
        expect(heard).toEqual([]);
        expect(zone.count(TOKEN)).toBe(1);
        server.close();
      },
    );

    it('on another origin is sent nothing', async () => {
      const { heard, server, origin } = await startTrap();
      for (const endpoint of [
        `${origin}/token`,
        'http://example.test/token',
        zone.issuer.replace('127.0.0.1', 'localhost') + TOKEN,
        zone.issuer.replace('//', '//user@') + TOKEN,
      ]) {
        zone.metadata = { token_endpoint: endpoint };
        const outcome = ask[kind](serviceWith({ issuer: zone.issuer }));
        await expect(outcome).rejects.toMatchObject({
          name: 'InsecureUrlError',
          retryable: false,
        });
      }
      expect(heard).toEqual([]);
      expect(zone.count(TOKEN)).toBe(0);
      server.close();
    });

    it.each<[string, object, object]>([
      [
        '200 with an error',
        { body: { error: 'access_denied', access_token: 'x' } },
        { name: 'OAuthProtocolError', error: 'access_denied', status: 200 },
      ],
      [
        '500 with a page',
        { status: 500, body: '<h1>secret</h1>' },
        { name: 'OAuthHttpError', status: 500, retryable: true },
      ],
      [
        'no access token',
        { body: { token_type: 'Bearer' } },
        { name: 'OAuthResponseError' },
      ],
      [
        'a token that is no text',
        { body: { access_token: 1, token_type: 'Bearer' } },
        { name: 'OAuthResponseError' },
      ],
      [
        'a wrong token type',
        { body: { access_token: 'x', token_type: 'mac' } },
        { name: 'OAuthResponseError' },
      ],
      [
        'a DPoP token',
        { body: { access_token: 'x', token_type: 'DPoP' } },
        { name: 'OAuthResponseError' },
      ],
      [
        'no token type',
        { body: { access_token: 'x' } },
        { name: 'OAuthResponseError' },
      ],
      ['a page', { body: '<h1>x</h1>' }, { name: 'OAuthResponseError' }],
      ['nothing', {}, { name: 'OAuthResponseError' }],
    ])('that answers %s is a typed error', async (_case, reply, expected) => {
      zone.on(TOKEN, reply);
      const error = await ask[kind](serviceWith({ issuer: zone.issuer })).then(
        () => undefined,
        (reason: unknown) => reason as Error,
      );
      expect(error).toMatchObject(expected);
      expect(error!.message).not.toContain('secret');
      for (const secret of [token, ...secrets]) {
        expect(JSON.stringify(error)).not.toContain(secret);
      }
      expect(zone.count(TOKEN)).toBe(1);
    });

    it('that cuts the connection is asked twice, and no more', async () => {
      zone.on(TOKEN, { cut: true });
      const outcome = ask[kind](serviceWith({ issuer: zone.issuer }));
      await expect(outcome).rejects.toMatchObject({
        name: 'OAuthNetworkError',
        retryable: true,
      });
      expect(zone.count(TOKEN)).toBe(2);
    });

    it('is told anew who asks, when it is asked again', async () => {
      const identity = CREDENTIAL.identify({ issuer: zone.issuer });
      let proofs = 0;
      const credential = {
        identify: () => ({
          clientId: 'assistant',
          authentication: (
            ...parameters: Parameters<typeof identity.authentication>
          ) => {
            proofs += 1;
            parameters[2].set('client_assertion', `proof-${proofs}`);
          },
        }),
      };
      zone.on(TOKEN, { status: 502, body: 'later' });
      const service = serviceWith({ credential, issuer: zone.issuer });
      await expect(ask[kind](service)).rejects.toMatchObject({ status: 502 });
      const bodies = zone.requests
        .filter(({ path }) => path === TOKEN)
        .map(({ body }) => new URLSearchParams(body).get('client_assertion'));
      expect(bodies).toEqual(['proof-1', 'proof-2']);
    });
  });

  it.each<[string, (service: ReturnType<typeof serviceWith>) => unknown]>([
    ['a blank user', (s) => s.impersonate('  ', { resource: CALENDAR })],
    ['no user', (s) => s.impersonate(null as never, { resource: CALENDAR })],
    ['a blank resource', (s) => s.asApplication({ resource: ' ' })],
    ['no resource', (s) => s.token(ada, {} as never)],
    [
      'an unknown authority',
      (s) =>
        s.token(ada, {
          resource: CALENDAR,
          authority: { kind: 'root' } as never,
        }),
    ],
    [
      'a blank actor',
      (s) =>
        s.token(ada, {
          resource: CALENDAR,
          authority: { kind: 'caller', actor: { token: '' } },
        }),
    ],
    [
      'a caller without a token',
      (s) =>
        s.token(
          Object.create(Object.getPrototypeOf(ada) as object, {
            ...Object.getOwnPropertyDescriptors(ada),
          }) as Principal,
          CALENDAR,
        ),
    ],
  ])('is sent nothing for %s', async (_case, use) => {
    const outcome = use(serviceWith({ issuer: zone.issuer }));
    await expect(outcome).rejects.toMatchObject({
      name: 'ExchangeInputError',
      code: 'ERR_EXCHANGE_INPUT',
    });
    expect(zone.count(TOKEN)).toBe(0);
  });

  it('is sent nothing once the caller’s token has expired', async () => {
    const expired = principalOf(zone.issuer, token, { expiresAt: 1 });
    await expect(serviceWith().token(expired, CALENDAR)).rejects.toMatchObject({
      name: 'ResourceAccessError',
      error: { code: 'subject_token_expired', retryable: false },
    });
    expect(zone.requests).toEqual([]);
  });

  it.each([
    ['opaque', 'opaque-token-of-the-caller'],
    ['JWT', token],
  ])('that quotes an %s token is not quoted', async (_case, quoted) => {
    const { issuer, subject, clientId, scopes, audience, expiresAt } = ada;
    const { resource, claims } = ada;
    const opaque = new Principal(
      {
        issuer,
        subject,
        clientId,
        scopes,
        audience,
        expiresAt,
        resource,
        claims,
      },
      quoted,
    );
    zone.on(TOKEN, {
      status: 400,
      body: {
        error: 'invalid_grant',
        error_description: `${quoted} is wrong`,
        error_uri: `https://help.test/?token=${quoted}`,
        request_id: `req-${quoted}`,
      },
    });
    const service = serviceWith({ issuer: zone.issuer });
    const access = await service.exchange(opaque, [CALENDAR]);
    expect(access.getResourceError(CALENDAR)).toEqual({
      message: expect.any(String),
      code: 'invalid_grant',
      description: '[token] is wrong',
      requestId: 'req-[token]',
      status: 400,
      retryable: false,
    });
  });
});

describe('what is reported', () => {
  let zone: ZoneServer;
  beforeAll(async () => {
    zone = await ZoneServer.start();
  });
  beforeEach(() => zone.reset());
  afterAll(() => zone.stop());

  it.each<[string, object, object]>([
    ['a token', {}, { outcome: 'granted', attempts: 1 }],
    [
      'a refusal',
      { status: 400, body: { error: 'access_denied' } },
      { outcome: 'refused', code: 'access_denied', attempts: 1 },
    ],
    [
      'an outage',
      { status: 503, body: 'down' },
      { outcome: 'failed', code: 'ERR_OAUTH_HTTP', attempts: 2 },
    ],
  ])('about %s', async (_case, reply, expected) => {
    if (Object.keys(reply).length > 0) zone.on(TOKEN, reply);
    const reports: ExchangeReport[] = [];
    const service = serviceWith({
      issuer: zone.issuer,
      onExchange: (report) => {
        reports.push(report);
        throw new Error('the watcher fails');
      },
    });
    await service.asApplication({ resource: STATUS }).catch(() => undefined);
    expect(reports).toEqual([
      {
        resource: STATUS,
        authority: 'application',
        cache: 'miss',
        durationMs: expect.any(Number),
        isRenewal: false,
        issuer: zone.issuer,
        ...expected,
      },
    ]);
  });

  it('about a cancelled call, and one that cannot be made', async () => {
    const reports: ExchangeReport[] = [];
    const service = serviceWith({
      issuer: zone.issuer,
      onExchange: (report) => reports.push(report),
    });
    const signal = AbortSignal.abort(new Error('given up'));
    await expect(
      service.asApplication({ resource: STATUS }, { signal }),
    ).rejects.toThrow('given up');
    await expect(service.asApplication({ resource: '' })).rejects.toThrow();
    expect(reports.map(({ outcome, code }) => [outcome, code])).toEqual([
      ['cancelled', undefined],
      ['failed', 'ERR_EXCHANGE_INPUT'],
    ]);
    expect(zone.count(TOKEN)).toBe(0);
  });
});
