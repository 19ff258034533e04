import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ClientSecret } from '../../lib/credentials/client-secret.credential.js';
import {
  createHttpFetch,
  InsecureUrlError,
  OAuthError,
  OAuthHttpError,
  OAuthNetworkError,
  OAuthProtocolError,
  OAuthResponseError,
  requestToken,
  type ServerMetadata,
  type TokenRequest,
} from '../../lib/oauth/index.js';
import { useZoneServer } from '../support/use-zone-server.js';
import { TOKEN, type Reply } from '../support/zone-server.js';

const zone = await useZoneServer();
const other = await useZoneServer();

const metadata = () => zone.document() as unknown as ServerMetadata;
const SECRET = 'very-secret';

function request(changes: Partial<TokenRequest> = {}) {
  const server = changes.server ?? metadata();
  return requestToken({
    server,
    ...new ClientSecret('client', SECRET).identify(server),
    grantType: 'client_credentials',
    parameters: new URLSearchParams({ resource: 'https://api.example.com' }),
    fetch: createHttpFetch(),
    ...changes,
  });
}

const failure = async (reply: Reply): Promise<unknown> => {
  zone.on(TOKEN, reply);
  return request().then(
    () => undefined,
    (error: unknown) => error,
  );
};

const success = (changes: Record<string, unknown>) => {
  zone.on(TOKEN, {
    body: { access_token: 'issued', token_type: 'Bearer', ...changes },
  });
  return request();
};

describe('requestToken', () => {
  it('sends exactly this', async () => {
    await request();
    expect(zone.requests).toHaveLength(1);
    const { method, path, headers, body } = zone.requests[0]!;
    expect({ method, path, body }).toEqual({
      method: 'POST',
      path: TOKEN,
      body: 'resource=https%3A%2F%2Fapi.example.com&grant_type=client_credentials',
    });
    expect(headers).toMatchObject({
      accept: 'application/json',
      authorization: `Basic ${btoa('client:very-secret')}`,
      'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
      'user-agent': 'nestjs-keycard',
    });
  });

  it('answers exactly this', async () => {
    expect(
      await success({
        token_type: 'BEARER',
        expires_in: 60,
        scope: 'a b',
        issued_token_type: 'urn:x',
        refresh_token: 'again',
        surprise: true,
      }),
    ).toEqual({
      accessToken: 'issued',
      tokenType: 'bearer',
      expiresIn: 60,
      scopes: ['a', 'b'],
      issuedTokenType: 'urn:x',
      refreshToken: 'again',
    });
  });

  it('leaves out what it was not told', async () => {
    const response = await success({});
    expect(Object.keys(response)).toEqual(['accessToken', 'tokenType']);
  });

  it("does not touch the caller's parameters", async () => {
    const parameters = new URLSearchParams({ a: '1' });
    await request({ parameters });
    expect(parameters.toString()).toBe('a=1');
  });

  describe('Basic authentication, form-encoded before Base64 (RFC 6749 §2.3.1)', () => {
    it.each([
      ['a:b', 's:x', 'a%3Ab:s%3Ax'],
      ['id with', 's%:x', 'id+with:s%25%3Ax'],
      ['urn:app/1', '+/=&?', 'urn%3Aapp%2F1:%2B%2F%3D%26%3F'],
      ['ü', '€𝄞', '%C3%BC:%E2%82%AC%F0%9D%84%9E'],
      ['"\\', 'x\r\ny', '%22%5C:x%0D%0Ay'],
      // Not to be encoded: a server that decodes nothing takes them, too.
      ['app-1.test_x', 'Zm9v-_*.', 'app-1.test_x:Zm9v-_*.'],
    ])('%j and %j', async (id, secret, expected) => {
      const identity = new ClientSecret(id, secret).identify(metadata());
      await request(identity);
      const { headers, body } = zone.requests[0]!;
      expect(headers.authorization).toBe(`Basic ${btoa(expected)}`);
      expect(body).not.toContain('client_secret');
      expect(body).not.toContain('client_id');
    });

    it('decodes to what was configured', async () => {
      const id = "~.-_!*'() ü:";
      const secret = '100% +/&=?#"€';
      await request(new ClientSecret(id, secret).identify(metadata()));
      const [, encoded] = zone.requests[0]!.headers.authorization!.split(' ');
      const pair = Buffer.from(encoded!, 'base64').toString().split(':');
      const decoded = pair.map((part) =>
        decodeURIComponent(part.replaceAll('+', ' ')),
      );
      expect(decoded).toEqual([id, secret]);
    });
  });

  describe('where it is sent', () => {
    it.each([
      ['another host', () => `${other.issuer}/token`],
      ['another port', () => zone.issuer.replace(/:\d+$/, ':1/token')],
      ['another scheme', () => zone.issuer.replace('http:', 'https:')],
      ['a user in it', () => zone.issuer.replace('//', '//evil@')],
      ['a host like the issuer', () => 'https://127.0.0.1.evil.example/token'],
      ['a plain connection', () => 'http://as.example.com/token'],
      ['no URL', () => '/token'],
    ])('an endpoint with %s gets nothing', async (_case, endpoint) => {
      const server = { ...metadata(), token_endpoint: endpoint() };
      await expect(request({ server })).rejects.toBeInstanceOf(
        InsecureUrlError,
      );
      expect(zone.requests).toEqual([]);
      expect(other.requests).toEqual([]);
    });

    it('does not even ask for the credential', async () => {
      let asked = 0;
      const server = { ...metadata(), token_endpoint: `${other.issuer}/token` };
      const authentication = () => {
        asked += 1;
      };
      await expect(request({ server, authentication })).rejects.toThrow();
      expect(asked).toBe(0);
    });

    it('another origin is used when it is allowed', async () => {
      const server = { ...metadata(), token_endpoint: other.issuer + TOKEN };
      await request({ server, allowedOrigins: [other.issuer] });
      expect(other.count(TOKEN)).toBe(1);
    });

    it('a plain connection is not, even then', async () => {
      const server = {
        ...metadata(),
        token_endpoint: 'http://as.example.com/',
      };
      const allowedOrigins = ['http://as.example.com'];
      await expect(request({ server, allowedOrigins })).rejects.toBeInstanceOf(
        InsecureUrlError,
      );
    });

    it.each([undefined, 42, null])('no endpoint: %s', async (endpoint) => {
      const server = { ...metadata(), token_endpoint: endpoint as never };
      await expect(request({ server })).rejects.toMatchObject({
        name: 'OAuthResponseError',
        message: expect.stringContaining('no token endpoint'),
      });
    });

    it.each([301, 302, 303, 307, 308])(
      'a %s to another origin gets nothing',
      async (status) => {
        const error = await failure({
          status,
          headers: { location: other.issuer + TOKEN },
        });
        expect(error).toBeInstanceOf(OAuthHttpError);
        expect(other.requests).toEqual([]);
        expect(zone.requests).toHaveLength(1);
      },
    );
  });

  describe('OAuth errors', () => {
    it.each([400, 401, 403, 429, 500, 503, 200])(
      'status %s',
      async (status) => {
        const error = await failure({
          status,
          body: {
            error: 'invalid_target',
            error_description: 'no such API',
            error_uri: 'https://docs.example.com',
            request_id: 'req-1',
            access_token: 'hunter2',
          },
        });
        expect(error).toBeInstanceOf(OAuthProtocolError);
        expect(error).toMatchObject({
          code: 'ERR_OAUTH_PROTOCOL',
          error: 'invalid_target',
          errorDescription: 'no such API',
          errorUri: 'https://docs.example.com',
          requestId: 'req-1',
          status,
          retryable: status === 429 || status >= 500,
        });
        expect(inspect(error)).not.toContain('hunter2');
      },
    );

    it.each([
      ['no more than a code', { error: 'x' }],
      ['odd members', { error: 'x', error_description: 1, error_uri: null }],
      ['empty members', { error: 'x', error_description: '', requestId: '' }],
    ])('%s', async (_case, body) => {
      const error = await failure({ status: 400, body });
      expect(error).toMatchObject({ error: 'x', status: 400 });
      expect(error).toHaveProperty('errorDescription', undefined);
      expect(error).toHaveProperty('requestId', undefined);
    });

    it.each([
      ['no text', 42],
      ['an object', {}],
      ['empty', ''],
      ['a line break', 'x\nINFO forged'],
      ['an escape', 'x\u001b[2J'],
      ['a quote', 'x"y'],
      ['too long', 'x'.repeat(129)],
    ])('a code that is none: %s', async (_case, code) => {
      const error = await failure({ status: 400, body: { error: code } });
      expect(error).toBeInstanceOf(OAuthHttpError);
      expect(error).toHaveProperty('status', 400);
    });
  });

  describe('answers that are none', () => {
    it.each([
      ['a page with status 500', 500, { body: '<h1>hunter2</h1>' }],
      ['a page with status 502', 502, { body: '<h1>hunter2</h1>' }],
      ['a page with status 403', 403, { body: '<h1>hunter2</h1>' }],
      ['JSON with status 500', 500, { body: { message: 'hunter2' } }],
      ['nothing with status 401', 401, {}],
      ['a token with status 201', 201, { body: { access_token: 'hunter2' } }],
      ['nothing with status 204', 204, {}],
    ])('%s', async (_case, status, reply) => {
      const error = await failure({ status, ...reply });
      expect(error).toBeInstanceOf(OAuthHttpError);
      expect(error).toMatchObject({ status, retryable: status >= 500 });
      expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
    });

    it.each([
      ['a page', { body: '<h1>hunter2</h1>' }],
      ['nothing', {}],
      ['null', { body: null }],
      ['a list', { body: ['hunter2'] }],
      ['broken JSON', { body: '{"hunter2"', type: 'application/json' }],
      ['no token', { body: { token_type: 'Bearer', x: 'hunter2' } }],
      ['an empty token', { body: { access_token: '', token_type: 'Bearer' } }],
      [
        'a token that is no text',
        { body: { access_token: 1, token_type: 'Bearer' } },
      ],
      ['no token type', { body: { access_token: 'hunter2' } }],
    ])('%s with status 200', async (_case, reply) => {
      const error = await failure(reply);
      expect(error).toBeInstanceOf(OAuthResponseError);
      expect(error).toMatchObject({ retryable: false });
      expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
    });

    it.each(['mac', 'N_A', 'DPoP', 'bearer token', ''])(
      'token type %j',
      async (type) => {
        await expect(success({ token_type: type })).rejects.toBeInstanceOf(
          OAuthResponseError,
        );
      },
    );

    it('a cut connection, and no second attempt', async () => {
      const error = await failure({ cut: true });
      expect(error).toBeInstanceOf(OAuthNetworkError);
      expect(zone.requests).toHaveLength(1);
    });

    it.each([500, 503, 429])('status %s: no second attempt', async (status) => {
      await failure({ status });
      expect(zone.requests).toHaveLength(1);
    });
  });

  describe('expires_in', () => {
    it.each([
      [0, 0],
      [3600, 3600],
      [1.5, 1.5],
      ['3600', 3600],
    ])('%j: %s', async (value, expected) => {
      expect((await success({ expires_in: value })).expiresIn).toBe(expected);
    });

    it.each([-1, '-1', 'soon', '', 'Infinity', null, true, {}, []])(
      '%j is refused',
      async (value) => {
        await expect(success({ expires_in: value })).rejects.toBeInstanceOf(
          OAuthResponseError,
        );
      },
    );

    it('1e400 is refused', async () => {
      const error = await failure({
        type: 'application/json',
        body: '{"access_token":"a","token_type":"bearer","expires_in":1e400}',
      });
      expect(error).toBeInstanceOf(OAuthResponseError);
    });
  });

  describe('scope', () => {
    it.each([
      ['a', ['a']],
      ['a b', ['a', 'b']],
      ['  a   b ', ['a', 'b']],
      ['', undefined],
      [' ', undefined],
    ])('%j: %j', async (scope, expected) => {
      expect((await success({ scope })).scopes).toEqual(expected);
    });

    it.each([null, 1, ['a'], {}])('%j is refused', async (scope) => {
      await expect(success({ scope })).rejects.toBeInstanceOf(
        OAuthResponseError,
      );
    });
  });

  it("passes the caller's cancellation on", async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    zone.on(TOKEN, () => {
      controller.abort(reason);
      return { after: new Promise(() => {}) };
    });
    await expect(request({ signal: controller.signal })).rejects.toBe(reason);
  });

  it('never tells a secret', async () => {
    for (const reply of [{ status: 500 }, { cut: true }, { body: {} }]) {
      const error = await failure(reply);
      expect(error).toBeInstanceOf(OAuthError);
      expect(inspect(error, { depth: 9 })).not.toContain('secret');
    }
  });
});
