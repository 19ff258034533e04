import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import {
  startAssistantWorld,
  type AssistantWorld,
} from '../support/assistant.fixture.js';
import { bearer, post, request, toolCall } from '../support/post.js';

const ALGORITHM_NONE = (claims: object) =>
  `${encode({ alg: 'none', kid: 'x' })}.${encode(claims)}.AA`;

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

describe.each(ADAPTERS)('refusals on %s', (_name, createAdapter) => {
  let world: AssistantWorld;
  let claims: Record<string, unknown>;

  beforeAll(async () => {
    world = await startAssistantWorld(createAdapter);
    claims = {
      aud: world.mcpUrl,
      sub: 'usr_ada',
      client_id: 'test',
      scope: 'mcp:tools',
    };
  });
  afterAll(() => world.stop());

  const challenge = (parameters: string) =>
    `Bearer ${parameters}, resource_metadata="${world.origin}/.well-known/oauth-protected-resource/mcp"`;

  const INVALID_TOKEN =
    'error="invalid_token", error_description="The access token is expired, malformed, or not meant for this resource.", scope="mcp:tools"';
  const MALFORMED =
    'error="invalid_request", error_description="The Authorization header must be \\"Bearer\\", one space, and one access token; the token may not be sent in any other way."';

  const foreignToken = async (header: object = {}) => {
    const { privateKey } = await generateKeyPair('RS256');
    return new SignJWT({ iss: world.zone.issuer, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'foreign', ...header })
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);
  };

  const INVALID: [string, () => string | Promise<string>][] = [
    ['expired', () => world.zone.mint({ ...claims, exp: 1 })],
    [
      'of another audience',
      () => world.zone.mint({ ...claims, aud: `${world.origin}/other` }),
    ],
    [
      'of a parent path',
      () => world.zone.mint({ ...claims, aud: world.origin }),
    ],
    ['without audience', () => world.zone.mint({ ...claims, aud: undefined })],
    [
      'of a foreign issuer',
      () => world.zone.mint({ ...claims, iss: 'https://evil.example.com' }),
    ],
    [
      'of the issuer with a slash',
      () => world.zone.mint({ ...claims, iss: `${world.zone.issuer}/` }),
    ],
    [
      'with alg none',
      () =>
        ALGORITHM_NONE({ iss: world.zone.issuer, exp: 9e9, iat: 1, ...claims }),
    ],
    ['with an unknown key', () => foreignToken()],
    ['without key id', () => foreignToken({ kid: undefined })],
    [
      'that is an ID token by type',
      () => world.zone.mint(claims, { header: { typ: 'id+jwt' } }),
    ],
    ['not active yet', () => world.zone.mint({ ...claims, nbf: 9e9 })],
    ['that is no JWT', () => 'opaque'],
  ];

  it.each(INVALID)('a token %s is 401 invalid_token', async (_case, token) => {
    const answer = await post(
      world.mcpUrl,
      toolCall('whoami'),
      bearer(await token()),
    );
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe(
      challenge(INVALID_TOKEN),
    );
    expect(answer.json).toEqual({
      error: 'invalid_token',
      error_description:
        'The access token is expired, malformed, or not meant for this resource.',
    });
  });

  it('no token is 401 without an error code', async () => {
    const answer = await post(world.mcpUrl, toolCall('whoami'));
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe(
      challenge('scope="mcp:tools"'),
    );
    expect(answer.json.error).toBe('unauthorized');
    expect(answer.json.error_description).toContain(
      `${world.origin}/.well-known/oauth-protected-resource/mcp`,
    );
  });

  it.each<[string, Record<string, string>, string]>([
    ['another scheme', { authorization: 'Basic YTpi' }, ''],
    ['the scheme alone', { authorization: 'Bearer' }, ''],
    ['two blanks', { authorization: 'Bearer  x' }, ''],
    ['two tokens', { authorization: 'Bearer a, Bearer b' }, ''],
    ['three parts', { authorization: 'Bearer a b' }, ''],
    ['a token in the query', {}, '?access_token=x'],
  ])('%s is 400 invalid_request', async (_case, headers, query) => {
    const url = `${world.mcpUrl}${query}`;
    const answer = await post(url, toolCall('whoami'), headers);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('www-authenticate')).toBe(challenge(MALFORMED));
    expect(answer.json.error).toBe('invalid_request');
  });

  it('a missing scope of the resource is 403', async () => {
    const token = await world.zone.mint({ ...claims, scope: 'other' });
    const answer = await post(world.mcpUrl, toolCall('whoami'), bearer(token));
    expect(answer.status).toBe(403);
    expect(answer.headers.get('www-authenticate')).toBe(
      challenge(
        'error="insufficient_scope", error_description="The access token needs the scope mcp:tools.", scope="mcp:tools"',
      ),
    );
  });

  it('a missing scope of the tool is 403, naming all it needs', async () => {
    const token = await world.zone.mint(claims);
    const answer = await post(
      world.mcpUrl,
      toolCall('create_event', { title: 'x', start: 'y' }),
      bearer(token),
    );
    expect(answer.status).toBe(403);
    expect(answer.headers.get('www-authenticate')).toContain(
      'scope="mcp:tools calendar:write"',
    );
    expect(answer.json.error).toBe('insufficient_scope');
  });

  it.each([
    ['malformed JSON', '{"jsonrpc":', 400, -32700],
    ['an empty body', '', 400, -32700],
    ['something else than a message', { hello: 1 }, 400, -32600],
    ['an unknown tool', toolCall('nope'), 200, -32602],
    [
      'arguments that are a list',
      request('tools/call', { name: 'whoami', arguments: [] }),
      200,
      -32602,
    ],
    ['a call without name', request('tools/call', {}), 200, -32602],
    ['an unknown method', request('tools/fly'), 200, -32601],
    ['an unknown cursor', request('tools/list', { cursor: 'x' }), 200, -32602],
  ])(
    '%s is answered with a JSON-RPC error',
    async (_case, body, status, code) => {
      const token = await world.zone.mint(claims);
      const answer = await post(world.mcpUrl, body, bearer(token));
      expect([answer.status, answer.json.error.code]).toEqual([status, code]);
    },
  );

  it.each([
    ['out of range', 'list_events', { max: 500 }, 'max'],
    ['of the wrong type', 'list_events', { max: 'many' }, 'max'],
    ['unknown', 'list_events', { min: 1 }, 'min'],
    ['missing, in a Zod schema', 'create_event', { title: 'x' }, 'start'],
    ['for a tool without input', 'whoami', { user: 'usr_bob' }, 'user'],
  ])(
    'an argument %s is a tool error that names it',
    async (_case, tool, input, field) => {
      const token = await world.zone.mint({
        ...claims,
        scope: 'mcp:tools calendar:write',
      });
      const before = world.zone.count('token');
      const answer = await post(
        world.mcpUrl,
        toolCall(tool, input),
        bearer(token),
      );
      expect(answer.status).toBe(200);
      expect(answer.json.result.isError).toBe(true);
      expect(answer.json.result.content[0].text).toContain(field);
      // Refused before anything is exchanged.
      expect(world.zone.count('token')).toBe(before);
    },
  );

  it('asks for keys once per cooldown, however many unknown keys come', async () => {
    const before = world.zone.count('jwks');
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        foreignToken({ kid: `k${index}` }),
      ),
    );
    const answers = await Promise.all(
      tokens.map((token) =>
        post(world.mcpUrl, toolCall('whoami'), bearer(token)),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(401));
    expect(world.zone.count('jwks') - before).toBeLessThanOrEqual(1);
  });

  it('never logs or answers with a token, a secret or a stack', async () => {
    const token = await world.zone.mint({ ...claims, exp: 1 });
    const answer = await post(world.mcpUrl, toolCall('whoami'), bearer(token));
    const seen = `${world.logger.text} ${answer.text}`;
    for (const secret of [
      token,
      token.split('.')[2]!,
      'assistant-secret-value',
      'node_modules',
    ]) {
      expect(seen).not.toContain(secret);
    }
  });
});

describe.each(ADAPTERS)(
  'a zone that is down, on %s',
  (_name, createAdapter) => {
    it('is 503 without a challenge, and recovers by itself', async () => {
      const world = await startAssistantWorld(createAdapter);
      const { accessToken } = await world.zone.login('usr_ada');
      world.zone.script('discovery', { status: 500, times: 1 });
      world.zone.script('jwks', { status: 500, times: 1 });
      const call = () =>
        post(world.mcpUrl, toolCall('whoami'), bearer(accessToken));
      const statuses: number[] = [];
      for (const expected of [503, 503, 200]) {
        const answer = await call();
        statuses.push(answer.status);
        if (expected !== 503) continue;
        expect(answer.headers.get('www-authenticate')).toBeNull();
        expect(answer.headers.get('retry-after')).toBe('5');
        expect(answer.json.error).toBe('temporarily_unavailable');
      }
      expect(statuses).toEqual([503, 503, 200]);
      await world.stop();
    });
  },
);
