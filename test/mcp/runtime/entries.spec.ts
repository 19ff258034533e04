import {
  Principal,
  McpContext,
  McpServers,
  type McpServerHandle,
} from 'nestjs-keycard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ADAPTERS } from '../../support/adapters.js';
import { CLIENTS, type AnyClient } from '../../support/era-clients.js';
import { post, request } from '../../support/post.js';
import { NotesWorld, type Caller } from '../../support/notes.world.js';

const ERAS = CLIENTS.filter(
  ([name]) => name === 'version 1' || name === 'version 2, pinned',
);

function deferred<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

const failureOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => undefined,
    (error: unknown) => error as Error & { code?: number },
  );

describe.each(ADAPTERS)('what is added at run time on %s', (_name, adapter) => {
  let world: NotesWorld;
  let server: McpServerHandle;
  beforeAll(async () => {
    world = await NotesWorld.start(adapter());
    server = world.application.get(McpServers).get();
  });
  afterAll(() => world.stop());

  describe.each(ERAS)('to a client of %s', (_client, _era, connect) => {
    const clients = {} as Record<Caller, AnyClient>;
    beforeAll(async () => {
      for (const caller of ['ada', 'root'] as const) {
        clients[caller] = await connect(world.url, world.bearer(caller));
      }
    });
    afterAll(async () => {
      for (const client of Object.values(clients)) await client.close();
    });

    const toolNames = async (caller: Caller) => {
      // Clients of version 2 keep lists for a while.
      const list = request('tools/list');
      const { json } = await post(world.url, list, world.bearer(caller));
      return json.result.tools.map(({ name }: { name: string }) => name);
    };

    it('is a tool like any other, until it is removed', async () => {
      const registration = await server.addTool({
        name: 'weather',
        title: 'Weather',
        description: 'Tells the weather',
        annotations: { readOnlyHint: true },
        input: z.object({ city: z.string(), days: z.number().default(3) }),
        output: z.object({ report: z.string() }),
        handler: ({ city, days }, context) => {
          expect(context).toBeInstanceOf(McpContext);
          expect(context.principal).toBeInstanceOf(Principal);
          return { report: `${city} ${days} ${context.principal.subject}` };
        },
      });
      const { tools } = await clients.ada.listTools();
      expect(tools).toEqual([
        expect.objectContaining({
          name: 'weather',
          title: 'Weather',
          description: 'Tells the weather',
          annotations: { readOnlyHint: true },
          inputSchema: expect.objectContaining({ required: ['city'] }),
          outputSchema: expect.objectContaining({ required: ['report'] }),
        }),
      ]);
      const call = { name: 'weather', arguments: { city: 'Oslo' } };
      const result = await clients.ada.callTool(call);
      expect(result.structuredContent).toEqual({ report: 'Oslo 3 usr_ada' });
      const wrong = await clients.ada.callTool({ name: 'weather' });
      expect(wrong).toMatchObject({ isError: true });
      expect(registration.key).toBe('weather');
      registration.remove();
      registration.remove();
      expect(await toolNames('ada')).toEqual([]);
      expect(await failureOf(clients.ada.callTool(call))).toMatchObject({
        code: -32602,
        message: expect.stringContaining('Unknown tool: weather'),
      });
    });

    it('accepts nothing where no input is declared', async () => {
      const registration = await server.addTool({
        name: 'bare',
        description: 'Takes nothing',
        handler: (input) => ({ input }),
      });
      const call = (input: object) =>
        clients.ada.callTool({ name: 'bare', arguments: input });
      expect((await call({})).structuredContent).toEqual({ input: {} });
      expect(await call({ extra: 1 })).toMatchObject({ isError: true });
      registration.remove();
    });

    it('is kept from whoever lacks its scopes', async () => {
      const metadata = async () => {
        const { origin } = new URL(world.url);
        const path = '/.well-known/oauth-protected-resource/mcp';
        const response = await fetch(origin + path);
        return ((await response.json()) as { scopes_supported: string[] })
          .scopes_supported;
      };
      const before = await metadata();
      const registrations = [
        await server.addTool({
          name: 'rare',
          description: 'For few',
          scopes: ['admin', 'only:here'],
          handler: () => 'never',
        }),
        await server.addTool({
          name: 'root_only',
          description: 'For administrators',
          scopes: 'admin',
          handler: () => 'done',
        }),
      ];
      expect(await toolNames('ada')).toEqual([]);
      expect(await toolNames('root')).toEqual(['root_only']);
      const refused = await failureOf(
        clients.ada.callTool({ name: 'root_only' }),
      );
      expect(`${refused?.name} ${refused?.message}`).toMatch(
        /insufficient.?scope/i,
      );
      const result = await clients.root.callTool({ name: 'root_only' });
      expect(result.content[0].text).toBe('done');
      expect(await metadata()).toContain('only:here');
      for (const registration of registrations) registration.remove();
      expect(await metadata()).toEqual(before);
      expect(before).toContain('admin');
    });

    it('ends a call in flight as if it were still there', async () => {
      const begun = deferred<void>();
      const finish = deferred<string>();
      const registration = await server.addTool({
        name: 'slow',
        description: 'Takes its time',
        handler: () => {
          begun.resolve();
          return finish.promise;
        },
      });
      const call = clients.ada.callTool({ name: 'slow' });
      await begun.promise;
      registration.remove();
      expect(await toolNames('ada')).toEqual([]);
      finish.resolve('finished');
      expect((await call).content[0].text).toBe('finished');
    });

    it('gives its name free for another', async () => {
      const tool = (text: string) => ({
        name: 'same',
        description: text,
        handler: () => text,
      });
      const first = await server.addTool(tool('first'));
      await expect(server.addTool(tool('second'))).rejects.toThrow(
        'addTool("same")',
      );
      first.remove();
      const second = await server.addTool(tool('second'));
      // It is not what its name stands for any more.
      first.remove();
      const result = await clients.ada.callTool({ name: 'same' });
      expect(result.content[0].text).toBe('second');
      second.remove();
    });

    it('fails as a decorated one does', async () => {
      const registration = await server.addTool({
        name: 'broken',
        description: 'Fails',
        handler: () => {
          throw new Error('secret-of-the-database');
        },
      });
      const result = await clients.ada.callTool({ name: 'broken' });
      expect(result).toMatchObject({ isError: true });
      expect(JSON.stringify(result)).not.toContain('secret');
      registration.remove();
    });

    it('is given up when it takes too long', async () => {
      const registration = await server.addTool({
        name: 'endless',
        description: 'Never answers',
        timeout: 1,
        handler: () => new Promise(() => {}),
      });
      const result = await clients.ada.callTool({ name: 'endless' });
      expect(result.content[0].text).toBe('The tool timed out after 1 ms');
      registration.remove();
    });

    it('is a resource, or a template of them', async () => {
      const registrations = [
        await server.addResource({
          name: 'now',
          uri: 'clock://now',
          mimeType: 'text/x-time',
          handler: (_input, { principal }) => `now of ${principal.subject}`,
        }),
        await server.addResource({
          name: 'zone',
          uri: 'clock://zones/{zone}',
          complete: {
            zone: ({ value }) =>
              ['Oslo', 'Omsk', 'Rome'].filter((one) => one.startsWith(value)),
          },
          list: ({ principal }) => [
            { uri: `clock://zones/${principal.subject}` },
          ],
          handler: ({ zone }) => (zone === 'none' ? undefined : `in ${zone}`),
        }),
      ];
      const { ada } = clients;
      const read = async (uri: string) =>
        (await ada.readResource({ uri })).contents[0];
      expect(await read('clock://now')).toEqual({
        uri: 'clock://now',
        mimeType: 'text/x-time',
        text: 'now of usr_ada',
      });
      expect((await read('clock://zones/R%20o')).text).toBe('in R o');
      expect(await failureOf(read('clock://zones/none'))).toBeDefined();
      const { resources } = await ada.listResources();
      const uris = resources.map(({ uri }: { uri: string }) => uri);
      expect(uris).toEqual(
        expect.arrayContaining(['clock://now', 'clock://zones/usr_ada']),
      );
      const { completion } = await ada.complete({
        ref: { type: 'ref/resource', uri: 'clock://zones/{zone}' },
        argument: { name: 'zone', value: 'O' },
      });
      expect(completion.values).toEqual(['Oslo', 'Omsk']);
      for (const registration of registrations) registration.remove();
      expect(await failureOf(read('clock://now'))).toBeDefined();
      expect(await failureOf(read('clock://zones/Rome'))).toBeDefined();
    });

    it('is a prompt', async () => {
      const registration = await server.addPrompt({
        name: 'praise',
        input: z.object({ who: z.string() }),
        complete: { who: () => ['Ada'] },
        handler: ({ who }) => `Praise ${who}`,
      });
      const { ada } = clients;
      const get = (input?: Record<string, string>) =>
        ada.getPrompt({ name: 'praise', ...(input && { arguments: input }) });
      expect((await get({ who: 'Bob' })).messages).toEqual([
        { role: 'user', content: { type: 'text', text: 'Praise Bob' } },
      ]);
      expect(await failureOf(get())).toMatchObject({ code: -32602 });
      const { completion } = await ada.complete({
        ref: { type: 'ref/prompt', name: 'praise' },
        argument: { name: 'who', value: '' },
      });
      expect(completion.values).toEqual(['Ada']);
      registration.remove();
      expect(await failureOf(get({ who: 'Bob' }))).toMatchObject({
        message: expect.stringContaining('Unknown prompt: praise'),
      });
    });
  });
});
