import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../support/adapters.js';
import { NotesWorld, type Caller } from '../../support/notes.world.js';
import { post, request } from '../../support/post.js';
import {
  modernRequest,
  standardHeaders,
} from '../modern/support/modern-messages.js';

const ERAS = [
  ['2025', request],
  ['2026', modernRequest],
] as const;

const completing = (ref: object, name: string) => ({
  ref,
  argument: { name, value: '' },
});

/** Everything that only an administrator may do. */
const OPERATIONS: readonly [string, string, Record<string, unknown>][] = [
  ['a resource', 'resources/read', { uri: 'notes://secret' }],
  ['a resource of a template', 'resources/read', { uri: 'vault://a' }],
  ['a prompt', 'prompts/get', { name: 'reset', arguments: { level: 'a' } }],
  [
    'the completion of a prompt',
    'completion/complete',
    completing({ type: 'ref/prompt', name: 'reset' }, 'level'),
  ],
  [
    'the completion of a template',
    'completion/complete',
    completing({ type: 'ref/resource', uri: 'vault://{name}' }, 'name'),
  ],
  ['what a handler asks for', 'resources/read', { uri: 'depends://arguments' }],
];

describe.each(ADAPTERS)('scopes on %s', (_adapter, createAdapter) => {
  let world: NotesWorld;
  beforeAll(async () => {
    world = await NotesWorld.start(createAdapter());
  });
  afterAll(() => world.stop());

  describe.each(ERAS)('in the %s era', (_era, create) => {
    const send = (
      method: string,
      params: Record<string, unknown>,
      caller: Caller,
    ) => {
      const body = create(method, params);
      const headers = create === modernRequest ? standardHeaders(body) : {};
      return post(world.url, body, { ...headers, ...world.bearer(caller) });
    };

    it.each(OPERATIONS)(
      'guard %s, with a challenge that names them',
      async (_case, method, params) => {
        const refused = await send(method, params, 'ada');
        expect(refused.status).toBe(403);
        const challenge = refused.headers.get('www-authenticate')!;
        expect(challenge).toContain('error="insufficient_scope"');
        expect(challenge).toContain('scope="mcp:tools admin"');
        expect(challenge).toContain('resource_metadata="');
        expect(refused.json.error).toBe('insufficient_scope');
      },
    );

    it.each(OPERATIONS.slice(0, -1))(
      'let an administrator have %s',
      async (_case, method, params) => {
        const { status, json } = await send(method, params, 'root');
        expect(status).toBe(200);
        expect(json.error).toBeUndefined();
        expect(json.result).toBeDefined();
      },
    );

    it('cannot be asked for by HTTP once the answer has begun', async () => {
      const body = create('resources/read', { uri: 'depends://stream' });
      const params = body.params as { _meta?: object };
      params._meta = { ...params._meta, progressToken: 1 };
      const headers = create === modernRequest ? standardHeaders(body) : {};
      const caller = world.bearer('ada');
      const answer = await post(world.url, body, { ...headers, ...caller });
      expect(answer.status).toBe(200);
      expect(answer.text).toContain('"error"');
      expect(answer.text).toContain('admin');
    });
  });

  it('of resources and prompts are in the metadata', async () => {
    const { origin } = new URL(world.url);
    const answer = await fetch(
      `${origin}/.well-known/oauth-protected-resource/mcp`,
    );
    expect(await answer.json()).toMatchObject({
      scopes_supported: ['admin', 'mcp:tools'],
    });
  });
});

it('hide no declaration from lists when the application wants it so', async () => {
  const world = await NotesWorld.start(ADAPTERS[0]![1](), {
    mcp: { listUnauthorized: true },
  });
  const list = async (method: string) => {
    const body = request(method);
    return (await post(world.url, body, world.bearer('ada'))).json.result;
  };
  const resources = JSON.stringify(await list('resources/list'));
  expect(resources).toContain('notes://secret');
  // What a method knows is data, and its scopes are needed to ask it.
  expect(resources).not.toContain('vault://gold');
  expect(JSON.stringify(await list('prompts/list'))).toContain('reset');
  const templates = await list('resources/templates/list');
  expect(JSON.stringify(templates)).toContain('vault://{name}');
  await world.stop();
});
