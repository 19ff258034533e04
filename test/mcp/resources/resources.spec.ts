import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../support/adapters.js';
import { CLIENTS, type AnyClient } from '../../support/era-clients.js';
import { NotesWorld, type Caller } from '../../support/notes.world.js';

describe.each(ADAPTERS)('resources on %s', (_adapter, createAdapter) => {
  let world: NotesWorld;
  beforeAll(async () => {
    world = await NotesWorld.start(createAdapter());
  });
  afterAll(() => world.stop());

  describe.each(CLIENTS)('to a client of %s', (name, _era, connect) => {
    const clients = {} as Record<Caller, AnyClient>;
    beforeAll(async () => {
      for (const caller of ['ada', 'bob', 'root'] as const) {
        clients[caller] = await connect(world.url, world.bearer(caller));
      }
    });
    afterAll(async () => {
      for (const client of Object.values(clients)) await client.close();
    });

    it('are announced, with what can be completed', () => {
      const { resources, prompts, completions } =
        clients.ada.getServerCapabilities();
      expect(resources).toBeDefined();
      expect(prompts).toBeDefined();
      expect(completions).toBeDefined();
    });

    it.each<[Caller, string[]]>([
      [
        'ada',
        ['notes://a%2F1', 'notes://b%202', 'notes://index', 'notes://logo'],
      ],
      ['bob', ['notes://c', 'notes://index', 'notes://logo']],
      [
        'root',
        [
          'notes://a%2F1',
          'notes://b%202',
          'notes://index',
          'notes://logo',
          'notes://secret',
          'vault://gold',
        ],
      ],
    ])('are listed to %s as they may be read, in order', async (who, uris) => {
      const { resources } = await clients[who].listResources();
      expect(resources.map(({ uri }: { uri: string }) => uri)).toEqual(uris);
    });

    it('are described', async () => {
      const { resources } = await clients.ada.listResources();
      const byUri = new Map(resources.map((one: any) => [one.uri, one]));
      expect(byUri.get('notes://index')).toEqual({
        uri: 'notes://index',
        name: 'index',
        title: 'All notes',
        description: 'Names of the notes',
        icons: [{ src: 'https://icons.example.test/note.png' }],
        annotations: { audience: ['user'], priority: 0.5 },
        _meta: { 'example.test/kind': 'index' },
      });
      expect(byUri.get('notes://logo')).toEqual({
        uri: 'notes://logo',
        name: 'logo',
        mimeType: 'image/png',
        size: 3,
      });
      expect(byUri.get('notes://b%202')).toEqual({
        uri: 'notes://b%202',
        name: 'note',
        title: 'b 2',
        mimeType: 'text/markdown',
      });
    });

    it('come in templates that the caller may use', async () => {
      const templates = async (who: Caller) => {
        const list = await clients[who].listResourceTemplates();
        return list.resourceTemplates.map((one: any) => one.uriTemplate);
      };
      const open = [
        'broken://{how}',
        'depends://{on}',
        'files://{+path}',
        'notes://{name}',
      ];
      expect(await templates('ada')).toEqual(open);
      expect(await templates('root')).toEqual([...open, 'vault://{name}']);
      const { resourceTemplates } = await clients.root.listResourceTemplates();
      expect(resourceTemplates.at(-1)._meta).toEqual({
        securitySchemes: [{ type: 'oauth2', scopes: ['admin'] }],
      });
    });

    it.each<[string, Caller, string, object]>([
      [
        'an object as JSON',
        'ada',
        'notes://index',
        { mimeType: 'application/json', text: '{"names":["a/1","b 2"]}' },
      ],
      [
        'bytes as a blob',
        'ada',
        'notes://logo',
        { mimeType: 'image/png', blob: 'AQL/' },
      ],
      [
        'a variable, decoded',
        'ada',
        'notes://a%2F1',
        { mimeType: 'text/markdown', text: 'note a/1' },
      ],
      [
        'what a scope allows',
        'root',
        'notes://secret',
        { mimeType: 'text/plain', text: 'only for administrators' },
      ],
      [
        'a path, and the whole URI',
        'ada',
        'files://x/y',
        { mimeType: 'application/json', text: '["x/y","files://x/y"]' },
      ],
    ])('give %s', async (_case, who, uri, contents) => {
      const result = await clients[who].readResource({ uri });
      expect(result.contents).toEqual([{ uri, ...contents }]);
    });

    // Version 2 has one name for both codes.
    const missing = name === 'version 1' ? -32002 : -32602;

    it.each<[string, Caller, string, number]>([
      ['that nobody declared', 'ada', 'other://a', missing],
      ['of another user', 'bob', 'notes://a%2F1', missing],
      ['the handler does not find', 'ada', 'notes://gone', missing],
      ['with broken encoding', 'ada', 'notes://%E0%A4%A', missing],
      ['without contents', 'ada', 'broken://empty', missing],
      ['with variables that are not valid', 'ada', 'files://123456789', -32602],
      ['with contents that are none', 'ada', 'broken://contents', -32603],
      ['that is no JSON', 'ada', 'broken://cycle', -32603],
      ['that fails', 'ada', 'broken://error', -32603],
    ])('%s are an error', async (_case, who, uri, code) => {
      const failure = await clients[who]
        .readResource({ uri })
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ code });
      expect(String(failure)).not.toContain('secret-of-the-database');
    });

    it('complete their variables, for the caller', async () => {
      const complete = (who: Caller) =>
        clients[who].complete({
          ref: { type: 'ref/resource', uri: 'notes://{name}' },
          argument: { name: 'name', value: 'a' },
        });
      const { completion } = await complete('ada');
      expect(completion).toEqual({ values: ['a/1'], total: 1, hasMore: false });
      expect((await complete('bob')).completion.values).toEqual([]);
    });
  });
});
