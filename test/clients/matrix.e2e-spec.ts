import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
} from 'vitest';
import { isModern, KINDS } from '../mcp/input/support/asking-client.js';
import { REVISION } from '../mcp/modern/support/modern-messages.js';
import { ADAPTERS } from '../support/adapters.js';
import { LANGUAGES } from '../support/notes.fixture.js';
import type { Caller, NotesWorld } from '../support/notes.world.js';
import { BrowsingUser } from './support/browsing-user.js';
import { PAGE_SIZE, startMatrixWorld } from './support/matrix-world.js';
import { record } from './support/matrix.tools.js';
import { OfficialClient } from './support/official-client.js';
import { connectBySigningIn, signingIn } from './support/sign-in.js';

const TOOLS = ['add', 'brood', 'chat', 'confirm', 'count', 'fail', 'whoami'];

describe.each(ADAPTERS)('every client on %s', (_name, adapter) => {
  let world: NotesWorld;
  beforeAll(async () => {
    world = await startMatrixWorld(adapter());
  });
  afterAll(() => world.stop());

  describe.each(KINDS)('%s', (kind) => {
    const modern = isModern(kind);
    const era = modern ? 'modern' : 'legacy';
    let client: OfficialClient;

    const create = (headers: Record<string, string>) => {
      client = new OfficialClient(kind, world.url, { headers });
      return client;
    };
    const connect = (caller: Caller = 'ada') =>
      create(world.bearer(caller)).connect();

    beforeEach(() => record.reset());
    afterEach(() => client.close());

    it(`speaks the ${era} era, as both sides see it`, async () => {
      await connect();
      const { structuredContent } = await client.call('whoami');
      const revision = modern ? REVISION : '2025-11-25';
      expect(client.era).toBe(era);
      expect(client.wire.of('tools/call')).toEqual([
        expect.objectContaining({ revision, status: 200 }),
      ]);
      expect(structuredContent).toEqual({
        subject: 'usr_ada',
        scopes: ['mcp:tools'],
        era,
        protocolVersion: revision,
        inSession: !modern,
      });
    });

    it('lists the tools of its caller, on several pages', async () => {
      await connect();
      expect(await client.toolNames()).toEqual(TOOLS);
      expect(client.wire.of('tools/list')).toHaveLength(
        Math.ceil(TOOLS.length / PAGE_SIZE),
      );
    });

    it('lists more to a caller with more scopes', async () => {
      await connect('root');
      expect(await client.toolNames()).toEqual([...TOOLS, 'purge'].toSorted());
    });

    it('checks structured output itself', async () => {
      await connect();
      // Version 1 forgets the schemas of a page when it asks for the next one.
      const { value: page } = await client.pages().next();
      expect(page).toContainEqual(
        expect.objectContaining({
          name: 'add',
          outputSchema: expect.objectContaining({ required: ['sum'] }),
        }),
      );
      const add = () => client.call('add', { a: 1, b: 2 });
      expect((await add()).structuredContent).toEqual({ sum: 3 });
      client.wire.change = (text) => text.replace('"sum":3', '"sum":"3"');
      await expect(add()).rejects.toThrow(/structured content does not match/i);
      client.wire.change = undefined;
    });

    it('hears of progress, in order', async () => {
      await connect();
      const heard: unknown[] = [];
      const { content } = await client.call(
        'count',
        {},
        { onprogress: (progress: object) => void heard.push(progress) },
      );
      expect(content).toEqual([{ type: 'text', text: 'counted' }]);
      expect(heard).toEqual(
        [1, 2, 3].map((progress) => ({
          progress,
          total: 3,
          message: `step ${progress}`,
        })),
      );
    });

    it('hears log messages of the level it wants', async () => {
      await connect();
      expect(await client.callAndHear('chat', 'info')).toEqual([
        ['info', { step: 1 }, 'chat'],
        ['error', 'done', undefined],
      ]);
    });

    it('cancels: the signal of the handler fires', async () => {
      await connect();
      const controller = new AbortController();
      const call = client.call('brood', {}, { signal: controller.signal });
      const failed = expect(call).rejects.toThrow();
      await record.started.promise;
      controller.abort('enough');
      await failed;
      expect(await record.aborted.promise).toMatchObject({
        name: 'AbortError',
      });
    });

    it('answers a form', async () => {
      create(world.bearer()).accept({ sure: true });
      await client.connect();
      const { structuredContent } = await client.call('confirm');
      expect(structuredContent).toEqual({
        action: 'accept',
        content: { sure: true },
      });
      expect(client.asked).toEqual([
        expect.objectContaining({
          message: 'Really?',
          requestedSchema: expect.objectContaining({ required: ['sure'] }),
        }),
      ]);
    });

    it('reads resources: one, and one of a template', async () => {
      await connect();
      const read = async (uri: string) => {
        const { contents } = await client.sdk.readResource({ uri });
        return contents;
      };
      expect(await read('notes://index')).toEqual([
        {
          uri: 'notes://index',
          mimeType: 'application/json',
          text: JSON.stringify({ names: ['a/1', 'b 2'] }),
        },
      ]);
      expect(await read('notes://b%202')).toEqual([
        { uri: 'notes://b%202', mimeType: 'text/markdown', text: 'note b 2' },
      ]);
    });

    it('gets a prompt', async () => {
      await connect();
      const { messages } = await client.sdk.getPrompt({
        name: 'write_letter',
        arguments: { to: 'Bob', tone: 'cold' },
      });
      expect(messages).toEqual([
        {
          role: 'user',
          content: { type: 'text', text: 'A cold letter of usr_ada to Bob' },
        },
      ]);
    });

    it('completes arguments of prompts and resources', async () => {
      await connect();
      const complete = async (ref: object, name: string, value: string) => {
        const argument = { name, value };
        return (await client.sdk.complete({ ref, argument })).completion;
      };
      const prompt = { type: 'ref/prompt', name: 'translate' };
      const resource = { type: 'ref/resource', uri: 'notes://{name}' };
      expect(await complete(prompt, 'language', 'lang_14')).toMatchObject({
        values: LANGUAGES.filter((name) => name.startsWith('lang_14')),
      });
      expect(await complete(resource, 'name', 'b')).toMatchObject({
        values: ['b 2'],
      });
    });

    it('is told that there is no such tool', async () => {
      await connect();
      await expect(client.call('unknown')).rejects.toMatchObject({
        code: -32602,
      });
    });

    it('is told in the result that a tool failed', async () => {
      await connect();
      expect(await client.call('fail')).toMatchObject({
        isError: true,
        content: [{ type: 'text', text: 'There is no such thing.' }],
      });
    });

    it.each([
      ['no token', {}, undefined],
      ['a wrong token', { authorization: 'Bearer a.b.c' }, 'invalid_token'],
    ])('does not connect with %s', async (_case, headers, error) => {
      await expect(create(headers).connect()).rejects.toThrow();
      expect(client.wire.exchanges).toEqual([
        expect.objectContaining({
          status: 401,
          challenge: expect.stringContaining('resource_metadata="'),
        }),
      ]);
      const { challenge } = client.wire.exchanges[0]!;
      if (error) expect(challenge).toContain(`error="${error}"`);
      else expect(challenge).not.toContain('error=');
    });

    it('is told which scope it lacks', async () => {
      await connect();
      await expect(client.call('purge')).rejects.toThrow();
      expect(client.wire.of('tools/call')).toEqual([
        expect.objectContaining({
          status: 403,
          challenge: expect.stringMatching(
            /error="insufficient_scope".*scope="[^"]*\badmin\b/,
          ),
        }),
      ]);
    });

    it('steps up: its user allows more, and the call succeeds', async () => {
      // A client of version 1 that has a refresh token refreshes where it should
      // ask for more, and then gives up; so this one does not get any.
      const refreshes = kind !== 'v1';
      const user = new BrowsingUser('usr_bob', refreshes);
      client = await connectBySigningIn(kind, world.url, user);
      expect(user.tokens().refresh_token !== undefined).toBe(refreshes);
      const { structuredContent: before } = await client.call('whoami');
      expect(before).toMatchObject({
        subject: 'usr_bob',
        scopes: ['mcp:tools'],
      });

      const purge = () => client.call('purge');
      const { structuredContent: after } = await signingIn(client, user, purge);
      expect(after).toEqual({ purged: true, scopes: ['mcp:tools', 'admin'] });
      expect(user.requested).toEqual([
        expect.not.stringContaining('admin'),
        expect.stringMatching(/^(?=.*\bmcp:tools\b).*\badmin\b/),
      ]);
      const calls = client.wire.of('tools/call');
      expect(calls.map(({ status }) => status)).toEqual([200, 403, 200]);
      expect(client.era).toBe(era);
    });
  });
});
