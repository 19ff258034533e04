import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AccessContext,
  GrantedToken,
  ResourceAccessError,
} from 'nestjs-keycard';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RenewToken } from '../../lib/delegation/access-context.js';
import { resourceUrl } from '../../lib/delegation/resource-fetch.js';
import { InsecureUrlError } from '../../lib/oauth/errors/insecure-url.error.js';

const API = 'https://api.example.test/v1';

const tokenOf = (accessToken: string) =>
  new GrantedToken({ accessToken, tokenType: 'bearer' });

describe('a URL below a resource', () => {
  it.each([
    [API, '', API],
    [API, '/', `${API}/`],
    [API, 'events', `${API}/events`],
    [API, '/events?max=3', `${API}/events?max=3`],
    [API, '?max=3', `${API}?max=3`],
    [`${API}/`, '', `${API}/`],
    [`${API}/`, '/events', `${API}/events`],
    [`${API}/`, '?max=3', `${API}/?max=3`],
    ['https://api.example.test', '/a', 'https://api.example.test/a'],
    ['https://api.example.test', '', 'https://api.example.test/'],
    [API, `${API}/events?page=2`, `${API}/events?page=2`],
    [API, '/a/../b', `${API}/b`],
    [API, '/%7Euser', `${API}/%7Euser`],
    [API, '/a..b/..c', `${API}/a..b/..c`],
    [API, '//evil.test/x', `${API}//evil.test/x`],
    [API, '@evil.test/x', `${API}/@evil.test/x`],
    [API, ':8443/x', `${API}/:8443/x`],
    [API, '\\\\evil.test/x', `${API}///evil.test/x`],
    [API, '/x#y', `${API}/x#y`],
    [API, '\\..\\x', `${API}/x`],
    [
      'https://api.example.test',
      '//evil.test/x',
      'https://api.example.test//evil.test/x',
    ],
    [
      'https://api.example.test',
      '.evil.test/x',
      'https://api.example.test/.evil.test/x',
    ],
    [
      'https://api.example.test',
      '@evil.test',
      'https://api.example.test/@evil.test',
    ],
    ['http://localhost:9/a', '/b', 'http://localhost:9/a/b'],
  ])('%o and %o make %o', (resource, path, expected) => {
    expect(resourceUrl(resource, path).href).toBe(expected);
  });

  it.each([
    ['a step up', API, '/../admin'],
    ['two steps up', API, '/a/../../admin'],
    ['a neighbour', API, '/../v1x/a'],
    ['a step up to the root', API, '/..'],
    ['a step up without a slash', API, '../admin'],
    ['encoded dots', API, '/%2e%2e/admin'],
    ['half encoded dots', API, '/.%2E/admin'],
    ['an encoded slash', API, '/..%2fadmin'],
    ['an encoded backslash', API, '/..%5Cadmin'],
    ['dots encoded twice', API, '/%252e%252e/admin'],
    ['dots encoded thrice', API, '/%25252e%25252e%25252fadmin'],
    ['a step up with parameters', API, '/..;a=b/admin'],
    ['backslashes', API, '/\\..\\..\\admin'],
    ['dots with a tab in between', API, '/.\t./admin'],
    ['dots with a line break', API, '/.\n./admin'],
    ['a space before a URL', API, ' https://evil.test/v1'],
    ['another host', API, 'https://evil.test/v1/x'],
    ['another scheme', API, 'http://api.example.test/v1/x'],
    ['another port', API, 'https://api.example.test:8443/v1/x'],
    ['a longer host', API, 'https://api.example.test.evil.test/v1/x'],
    ['a user in the URL', API, 'https://user@api.example.test/v1/x'],
    ['a password in the URL', API, 'https://:pw@api.example.test/v1/x'],
    ['a host as a user', API, 'https://api.example.test@evil.test/v1/x'],
    ['a URL above', API, 'https://api.example.test/'],
    ['a URL beside', API, 'https://api.example.test/v10'],
    ['a URL that steps up', API, `${API}/../admin`],
    ['a script', API, 'javascript:alert(1)'],
    ['data', API, 'data:text/plain,x'],
    ['a file', API, 'file:///etc/passwd'],
    ['a URN for a resource', 'urn:api:calendar', '/x'],
    ['a name for a resource', 'calendar', '/x'],
    ['nothing for a resource', '', '/x'],
    ['a file for a resource', 'file:///', '/x'],
  ])('cannot be had with %s', (_case, resource, path) => {
    expect(() => resourceUrl(resource, path)).toThrow(TypeError);
  });

  it.each([
    ['http://api.example.test'],
    ['http://localhost.evil.test'],
    ['https://user:pw@api.example.test'],
  ])('is not sent a token in the clear: %s', (resource) => {
    expect(() => resourceUrl(resource, '/x')).toThrow(InsecureUrlError);
  });
});

interface Received {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

describe('AccessContext.fetch', () => {
  let server: Server;
  let api: string;
  const received: Received[] = [];
  let valid = new Set<string>();
  let redirect: string | undefined;
  let answerAfter: Promise<unknown> = Promise.resolve();
  const controllers: AbortController[] = [];

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { url, headers } = request;
      const body = Buffer.concat(chunks).toString();
      received.push({ url: url!, headers, body });
      await answerAfter;
      if (redirect) {
        response.writeHead(302, { location: redirect }).end();
        return;
      }
      const isValid = valid.has(headers.authorization ?? '');
      response.writeHead(isValid ? 200 : 401).end(isValid ? 'yes' : 'no');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    api = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  });
  beforeEach(() => {
    received.length = 0;
    controllers.length = 0;
    valid = new Set(['Bearer second']);
    redirect = undefined;
    answerAfter = Promise.resolve();
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Every renewal answers the next of the tokens. */
  function accessWith(tokens: readonly string[], signal?: AbortSignal) {
    const [first, ...more] = tokens;
    const renewals: string[] = [];
    const renew: RenewToken = async (refused) => {
      renewals.push(refused.accessToken);
      const next = more.shift();
      if (next === undefined) throw new Error('a secret');
      return tokenOf(next);
    };
    const access = new AccessContext(signal);
    access.setToken(api, tokenOf(first!), renew);
    return { access, renewals };
  }

  const sent = () => received.map(({ headers }) => headers.authorization);

  it('attaches the token, in place of any other', async () => {
    const { access } = accessWith(['second']);
    const variants: (RequestInit['headers'] | undefined)[] = [
      { authorization: 'Bearer caller' },
      { Authorization: 'Bearer caller' },
      new Headers({ authorization: 'Bearer caller' }),
      [['AUTHORIZATION', 'Bearer caller']],
      undefined,
    ];
    for (const headers of variants) {
      const init = headers === undefined ? {} : { headers };
      expect((await access.fetch(api, '/x?y=1', init)).status).toBe(200);
    }
    expect(new Set(sent())).toEqual(new Set(['Bearer second']));
    expect(received[0]!.url).toBe('/api/x?y=1');
  });

  it('keeps what else the caller says', async () => {
    const { access } = accessWith(['second']);
    await access.fetch(api, '/x', {
      method: 'PUT',
      body: 'text',
      headers: { 'x-other': 'yes' },
    });
    expect(received[0]).toMatchObject({
      body: 'text',
      headers: { 'x-other': 'yes' },
    });
  });

  it.each(['/../x', 'https://evil.test/', '/%2e%2e/x', '/..%2fx'])(
    'sends nothing to %o',
    async (path) => {
      const { access } = accessWith(['second']);
      await expect(access.fetch(api, path)).rejects.toThrow('not below');
      expect(received).toEqual([]);
    },
  );

  it('sends nothing without a token', async () => {
    await expect(new AccessContext().fetch(api, '/x')).rejects.toThrow(
      ResourceAccessError,
    );
    expect(received).toEqual([]);
  });

  it.each(['https://evil.test/', '/elsewhere'])(
    'does not follow a redirect to %s, whatever is asked',
    async (location) => {
      redirect = location;
      const { access } = accessWith(['second']);
      const response = await access.fetch(api, '/x', { redirect: 'follow' });
      expect(response.status).toBe(302);
      expect(received).toHaveLength(1);
    },
  );

  it.each<[string, RequestInit['body']]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'body'],
    ['bytes', Buffer.from('body')],
    ['a buffer', new TextEncoder().encode('body').buffer],
    ['a form', new URLSearchParams({ body: '1' })],
    ['a file', new Blob(['body'])],
  ])('asks once more with a new token, and %s', async (_case, body) => {
    const { access, renewals } = accessWith(['first', 'second']);
    const response = await access.fetch(api, '/x', {
      method: 'POST',
      ...(body !== undefined && { body }),
    });
    expect(response.status).toBe(200);
    expect(sent()).toEqual(['Bearer first', 'Bearer second']);
    expect(received[1]!.body).toBe(received[0]!.body);
    expect(renewals).toEqual(['first']);
    expect(access.access(api).accessToken).toBe('second');
  });

  it('reports when the new token is no better', async () => {
    const { access } = accessWith(['first', 'third']);
    const response = await access.fetch(api, '/x');
    expect(response.status).toBe(401);
    expect(await response.text()).toBe('no');
    expect(sent()).toEqual(['Bearer first', 'Bearer third']);
  });

  it('tries again in a later call', async () => {
    const { access, renewals } = accessWith(['first', 'third', 'second']);
    await access.fetch(api, '/x');
    expect((await access.fetch(api, '/x')).status).toBe(200);
    expect(renewals).toEqual(['first', 'third']);
  });

  it('reports when there is no new token', async () => {
    const { access } = accessWith(['first']);
    await expect(access.fetch(api, '/x')).rejects.toMatchObject({
      name: 'ResourceAccessError',
      resource: api,
      error: { rawError: 'unexpected error', retryable: false },
    });
    expect(received).toHaveLength(1);
    expect(access.getFailedResources()).toEqual([api]);
    expect(JSON.stringify(access)).not.toContain('a secret');
  });

  it('leaves a 401 alone where nothing can be renewed', async () => {
    const access = new AccessContext();
    access.setToken(api, tokenOf('first'));
    expect((await access.fetch(api, '/x')).status).toBe(401);
    expect(received).toHaveLength(1);
  });

  it('does not repeat a stream, but renews for the next call', async () => {
    const { access, renewals } = accessWith(['first', 'second']);
    const streamed = {
      method: 'POST',
      duplex: 'half',
      body: new Blob(['body']).stream(),
    } as RequestInit;
    const response = await access.fetch(api, '/x', streamed);
    expect(response.status).toBe(401);
    expect(await response.text()).toBe('no');
    expect(renewals).toEqual(['first']);
    expect((await access.fetch(api, '/x')).status).toBe(200);
    expect(sent()).toEqual(['Bearer first', 'Bearer second']);
  });

  it('does not repeat an iterator either', async () => {
    const { access } = accessWith(['first', 'second']);
    const body = (async function* parts() {
      yield Buffer.from('body');
    })();
    await access.fetch(api, '/x', {
      method: 'POST',
      duplex: 'half',
      body,
    } as unknown as RequestInit);
    expect(received).toHaveLength(1);
  });

  it('takes the new token another call got meanwhile', async () => {
    const access = new AccessContext();
    const refusedTokens: string[] = [];
    let release: () => void;
    answerAfter = new Promise<void>((resolve) => {
      release = resolve;
    });
    const renew: RenewToken = async (refused) => {
      refusedTokens.push(refused.accessToken);
      return tokenOf('second');
    };
    access.setToken(api, tokenOf('first'), renew);
    const call = access.fetch(api, '/x');
    access.setToken(api, tokenOf('second'), renew);
    release!();
    expect((await call).status).toBe(200);
    expect(refusedTokens).toEqual([]);
  });

  it.each(['of the call', 'of the request'])(
    'is given up by the signal %s',
    async (which) => {
      const controller = new AbortController();
      const isOfCall = which === 'of the call';
      let release: () => void;
      answerAfter = new Promise<void>((resolve) => {
        release = resolve;
      });
      const { access } = accessWith(
        ['second'],
        isOfCall ? controller.signal : new AbortController().signal,
      );
      const outcome = access.fetch(
        api,
        '/x',
        isOfCall ? { signal: null } : { signal: controller.signal },
      );
      controller.abort(new Error('given up'));
      await expect(outcome).rejects.toThrow('given up');
      release!();
    },
  );

  it('hands its signal to the exchange, and reports that it was given up', async () => {
    const controller = new AbortController();
    const access = new AccessContext();
    const seen: (AbortSignal | undefined)[] = [];
    access.setToken(api, tokenOf('first'), (_refused, signal) => {
      seen.push(signal);
      controller.abort(new Error('given up'));
      return Promise.reject(signal!.reason as Error);
    });
    await expect(
      access.fetch(api, '/given-up', { signal: controller.signal }),
    ).rejects.toThrow('given up');
    expect(seen[0]?.aborted).toBe(true);
    const calls = received.filter(({ url }) => url === '/api/given-up');
    expect(calls).toHaveLength(1);
    expect(access.getStatus()).toBe('success');
  });
});
