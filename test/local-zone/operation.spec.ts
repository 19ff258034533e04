import { inspect } from 'node:util';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  GrantType,
  HeadlessBrowser,
  LocalZoneConfigurationError,
  LocalZoneLoginError,
  type RecordedCall,
  type ZoneLogin,
  type ZoneRefusal,
} from 'nestjs-keycard/local-zone';
import {
  ASSISTANT,
  basic,
  CALENDAR,
  CLIENT_ID,
  CLIENT_SECRET,
  MCP,
  startWorld,
  WEATHER,
  type World,
} from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => {
  world.zone.clearScripts();
  expect(world.problems).toEqual([]);
});
afterAll(() => world.close());

const logIn = async (browser?: HeadlessBrowser) => {
  const options = browser ? { resource: MCP, browser } : { resource: MCP };
  const { accessToken } = await world.zone.login('usr_ada', options);
  return accessToken;
};

const keyIds = async (zone = world.zone) => {
  const response = await fetch(zone.jwksUri);
  const { keys } = (await response.json()) as { keys: { kid: string }[] };
  return keys.map(({ kid }) => kid);
};

describe('rotateKeys', () => {
  it('signs with a new key, and keeps the old one for verifying', async () => {
    const subject = await logIn();
    const [before] = await keyIds();
    await world.zone.rotateKeys();
    const after = await keyIds();
    expect(after).toHaveLength(2);
    expect(after[1]).toBe(before);

    const { body } = await world.api.exchange(subject);
    expect(decodeProtectedHeader(body['access_token']).kid).toBe(after[0]);
  });

  it('can drop the old keys, and their tokens with them', async () => {
    const subject = await logIn();
    await world.zone.rotateKeys({ keepOld: false });
    expect(await keyIds()).toHaveLength(1);
    const { body } = await world.api.exchange(subject);
    expect(body['error']).toBe('invalid_grant');
  });

  it('keeps users signed in', async () => {
    const browser = new HeadlessBrowser();
    await logIn(browser);
    const requests = browser.steps.length;
    await world.zone.rotateKeys();
    await logIn(browser);
    expect(browser.steps.length - requests).toBe(4);
  });
});

describe('the key', () => {
  it('is shared by the zones of a process unless it is fresh or given', async () => {
    const zones = await Promise.all([
      startWorld(),
      startWorld(),
      startWorld({ freshKey: true }),
    ]);
    const [first, second, fresh] = await Promise.all(
      zones.map(async ({ zone }) => (await keyIds(zone))[0]),
    );
    expect(second).toBe(first);
    expect(fresh).not.toBe(first);
    await Promise.all(zones.map((other) => other.close()));
  });

  it.each([
    [{ key: { kty: 'oct', k: 'AAAA' } }],
    [{ key: { kty: 'RSA', n: 'AAAA', e: 'AQAB' } }],
    [{ key: { kty: 'RSA' }, freshKey: true }],
  ])('is refused: %j', async (options) => {
    const start = startWorld(options);
    await expect(start).rejects.toThrow(LocalZoneConfigurationError);
  });
});

describe('script', () => {
  const exchange = async () => world.api.exchange(await logIn());

  it('plays an answer once, then the zone answers itself', async () => {
    const subject = await logIn();
    world.zone.script('token', {
      status: 503,
      contentType: 'text/html',
      headers: { 'retry-after': '7' },
      body: '<h1>busy</h1>',
    });
    const busy = await world.api.exchange(subject);
    expect(busy.status).toBe(503);
    expect(busy.headers.get('content-type')).toBe('text/html');
    expect(busy.headers.get('retry-after')).toBe('7');
    expect(busy.body).toEqual({ text: '<h1>busy</h1>' });
    expect((await world.api.exchange(subject)).status).toBe(200);
  });

  it('plays answers in order, each as often as it says', async () => {
    const subject = await logIn();
    world.zone
      .script('token', { status: 500, times: 2 })
      .script('token', { status: 429, body: { error: 'slow_down' } });
    const answers = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      answers.push(await world.api.exchange(subject));
    }
    expect(answers.map(({ status }) => status)).toEqual([500, 500, 429, 200]);
    expect(answers[0]?.body).toEqual({ error: 'server_error' });
    expect(answers[2]?.body).toEqual({ error: 'slow_down' });
  });

  it('leaves other kinds of requests alone', async () => {
    world.zone.script('jwks', { status: 500 });
    expect((await exchange()).status).toBe(200);
    expect((await fetch(world.zone.jwksUri)).status).toBe(500);
  });

  it('delays the answer of the zone', async () => {
    const subject = await logIn();
    world.zone.script('token', { delay: 20 });
    expect((await world.api.exchange(subject)).status).toBe(200);
  });

  it('can be cleared', async () => {
    world.zone.script('jwks', { status: 500 }).clearScripts();
    expect((await fetch(world.zone.jwksUri)).status).toBe(200);
  });
});

describe('calls', () => {
  it('are counted by kind and grant type', async () => {
    const subject = await logIn();
    world.zone.clearCalls();
    await world.api.exchange(subject);
    await world.api.exchange(subject, { resource: 'https://nope.test' });
    await world.api.token({ grant_type: 'password' }, ASSISTANT);
    expect(world.zone.count('token')).toBe(3);
    expect(world.zone.count('token', GrantType.TokenExchange)).toBe(2);
    expect(world.zone.count('token', GrantType.RefreshToken)).toBe(0);
    expect(world.zone.count('registration')).toBe(0);
    expect(world.zone.calls.map(({ status }) => status)).toEqual([
      200, 400, 400,
    ]);
  });

  it('keep the request, and hide its secrets when printed', async () => {
    const subject = await logIn();
    world.zone.clearCalls();
    await world.api.exchange(subject, { client_secret: CLIENT_SECRET }, {});
    await world.api.exchange(subject);
    const call = world.zone.calls[1] as RecordedCall;
    expect(call.form).toMatchObject({
      subject_token: subject,
      resource: WEATHER,
    });
    expect(call.headers.authorization).toBe(ASSISTANT.authorization);
    expect(call.redacted).toMatchObject({
      kind: 'token',
      method: 'POST',
      status: 200,
      form: { subject_token: '[redacted]', resource: WEATHER },
      headers: { authorization: '[redacted]' },
    });
    for (const print of [inspect, JSON.stringify]) {
      const text = print(world.zone.calls);
      expect(text).not.toContain(subject);
      expect(text).not.toContain(CLIENT_SECRET);
      expect(text).not.toContain(ASSISTANT.authorization);
    }
  });

  it('have their query', async () => {
    world.zone.clearCalls();
    await logIn();
    const call = world.zone.calls.find(({ kind }) => kind === 'authorize');
    expect(call?.query).toMatchObject({ resource: MCP });
  });
});

describe('on', () => {
  it('tells of calls, logins and refusals', async () => {
    const calls: RecordedCall[] = [];
    const logins: ZoneLogin[] = [];
    const refusals: ZoneRefusal[] = [];
    world.zone
      .on('call', (call) => calls.push(call))
      .on('login', (login) => logins.push(login))
      .on('refused', (refusal) => refusals.push(refusal));
    const subject = await logIn();
    await world.api.exchange(subject, { resource: CALENDAR });
    expect(logins).toEqual([
      { user: 'usr_ada', clientId: expect.stringMatching(/^dcr_/) as string },
    ]);
    expect(refusals).toMatchObject([
      { at: 'grant', error: 'insufficient_authorization' },
    ]);
    expect(calls.at(-1)).toMatchObject({ kind: 'token', status: 400 });
  });
});

describe('login', () => {
  it('keeps to the scope and client it is given', async () => {
    const client = await world.api.register();
    const clientId = String(client['client_id']);
    const result = await world.zone.login('usr_bob', {
      resource: MCP,
      scope: 'mcp:admin',
      clientId,
    });
    expect(result).toMatchObject({ clientId, scope: 'mcp:admin' });
    expect(result.refreshToken).toEqual(expect.any(String));
    expect(decodeJwt(result.accessToken)['sub']).toBe('usr_bob');
  });

  it.each([
    ['access_denied', { allow: false }],
    ['invalid_target', { resource: 'https://nope.test' }],
    ['login_failed', { clientId: 'nobody' }],
  ])('fails with %s for %j', async (error, options) => {
    const login = world.zone.login('usr_ada', options);
    await expect(login).rejects.toThrow(LocalZoneLoginError);
    await expect(login).rejects.toMatchObject({ error });
  });

  it('knows only declared users', async () => {
    const login = world.zone.login('nobody');
    await expect(login).rejects.toThrow('User "nobody" is not declared.');
  });
});

describe('mint', () => {
  it('leaves out what is undefined, and changes the header', async () => {
    const token = await world.zone.mint(
      { sub: 'usr_ada', client_id: undefined, exp: undefined },
      { header: { typ: undefined, kid: 'other' } },
    );
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({ iss: world.zone.issuer, sub: 'usr_ada' });
    expect(claims).not.toHaveProperty('client_id');
    expect(claims).not.toHaveProperty('exp');
    expect(decodeProtectedHeader(token)).toEqual({
      alg: 'RS256',
      kid: 'other',
    });
  });
});

describe('the handle refuses', () => {
  it.each<[string, () => unknown]>([
    [
      'a grant for an unknown user',
      () =>
        world.zone.grant({
          user: 'nobody',
          application: 'app_assistant',
          resource: CALENDAR,
        }),
    ],
    ['an unknown client', () => world.zone.refreshClient('nobody')],
    ['its own client', () => world.zone.refreshClient('zone-connect')],
  ])('%s', (_, act) => {
    expect(act).toThrow(LocalZoneConfigurationError);
  });
});

describe('CORS', () => {
  const origin = 'http://localhost:6274';

  it('lets a browser client register', async () => {
    const url = String(world.api.metadata['registration_endpoint']);
    const headers = { origin, 'access-control-request-method': 'POST' };
    const response = await fetch(url, { method: 'OPTIONS', headers });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  it.each([
    [origin, origin],
    ['https://evil.test', null],
  ])('shows a token response to %s: %s', async (from, allowed) => {
    const client = await world.api.register();
    const { headers } = await world.api.token(
      {
        grant_type: GrantType.RefreshToken,
        client_id: String(client['client_id']),
        refresh_token: 'x',
      },
      { origin: from },
    );
    expect(headers.get('access-control-allow-origin')).toBe(allowed);
  });
});

describe('requests that are too large', () => {
  it('get 413 and are no problem of the zone', async () => {
    const { status } = await world.api.token(
      { grant_type: 'x', filler: 'x'.repeat(70_000) },
      ASSISTANT,
    );
    expect(status).toBe(413);
  });
});

describe('two zones', () => {
  it.each([false, true])(
    'do not trust each other, fresh key: %s',
    async (freshKey) => {
      const other = await startWorld({ freshKey });
      const subject = await logIn();
      const { body } = await other.api.exchange(subject);
      expect(body['error_description']).toBe(
        'subject_token was not issued by this zone',
      );
      await other.close();
    },
  );

  it('do not sign out each other in one browser', async () => {
    const other = await startWorld();
    const browser = new HeadlessBrowser();
    await logIn(browser);
    await other.zone.login('usr_bob', { resource: MCP, browser });
    const requests = browser.steps.length;
    await logIn(browser);
    expect(browser.steps.length - requests).toBe(4);
    await other.close();
  });

  it('cannot have one port', async () => {
    const start = startWorld({ port: world.zone.port });
    await expect(start).rejects.toMatchObject({
      code: 'ERR_LOCAL_ZONE_PORT_IN_USE',
      message: expect.stringContaining(String(world.zone.port)) as string,
    });
  });
});

describe('many at once', () => {
  it('log in and exchange without mixing up', async () => {
    const users = ['usr_ada', 'usr_bob', 'usr_eve'];
    const all = Array.from({ length: 30 }, (_, index) => users[index % 3]);
    const subjects = await Promise.all(
      all.map(async (user = '') => {
        const login = await world.zone.login(user, { resource: MCP });
        const { body } = await world.api.exchange(login.accessToken);
        return decodeJwt(body['access_token']).sub;
      }),
    );
    expect(subjects).toEqual(all);
  });
});

describe('stop', () => {
  it('releases the port, and may be called again', async () => {
    const own = await startWorld();
    const { issuer, port } = own.zone;
    await own.api.exchange('x', {}, basic(CLIENT_ID, CLIENT_SECRET));
    await Promise.all([own.zone.stop(), own.zone.stop()]);
    await expect(fetch(issuer)).rejects.toThrow('fetch failed');
    const next = await startWorld({ port });
    expect(next.zone.issuer).toBe(issuer);
    await Promise.all([own.close(), next.close()]);
  });

  it('ends requests that are still waiting', async () => {
    const own = await startWorld();
    own.zone.script('jwks', { delay: 60_000 });
    const answer = fetch(own.zone.jwksUri).then(
      () => 'answered',
      () => 'ended',
    );
    await waitFor(() => own.zone.count('jwks') === 1);
    await own.close();
    expect(await answer).toBe('ended');
  });
});

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
