import { once } from 'node:events';
import { connect } from 'node:net';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  GrantType,
  HeadlessBrowser,
  LocalZone,
  LocalZoneConfigurationError,
  LocalZoneLoginError,
} from 'nestjs-keycard/local-zone';
import { logIn, useWorld } from './use-world.js';
import {
  ASSISTANT,
  basic,
  CALENDAR,
  CLIENT_ID,
  CLIENT_SECRET,
  MCP,
  startWorld,
} from './world.js';

const world = await useWorld();

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
      const subject = await logIn(world);
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
    await logIn(world, browser);
    await other.zone.login('usr_bob', { resource: MCP, browser });
    const requests = browser.steps.length;
    await logIn(world, browser);
    expect(browser.steps.length - requests).toBe(4);
    await other.close();
  });

  it('cannot have one port', async () => {
    const start = LocalZone.start({}, { port: world.zone.port });
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

  it('takes a client that goes away for no problem', async () => {
    const own = await startWorld();
    const socket = connect(own.zone.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      'POST /oauth/2/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf',
    );
    socket.destroy();
    await once(socket, 'close');
    await own.zone.login('usr_ada', { resource: MCP });
    expect(own.problems).toEqual([]);
    await own.close();
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
