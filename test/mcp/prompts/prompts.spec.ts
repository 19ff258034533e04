import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../support/adapters.js';
import { CLIENTS, type AnyClient } from '../../support/era-clients.js';
import { LANGUAGES } from '../../support/notes.fixture.js';
import { NotesWorld, type Caller } from '../../support/notes.world.js';
import { post, request } from '../../support/post.js';

describe.each(ADAPTERS)('prompts on %s', (_adapter, createAdapter) => {
  let world: NotesWorld;
  beforeAll(async () => {
    world = await NotesWorld.start(createAdapter());
  });
  afterAll(() => world.stop());

  // The official clients leave it out.
  it('give their arguments titles', async () => {
    const body = request('prompts/list');
    const { json } = await post(world.url, body, world.bearer());
    const [, translate] = json.result.prompts;
    expect(translate.arguments[1]).toEqual({
      name: 'language',
      title: 'Language',
      required: true,
    });
  });

  describe.each(CLIENTS)('to a client of %s', (_name, _era, connect) => {
    const clients = {} as Record<Caller, AnyClient>;
    beforeAll(async () => {
      for (const caller of ['ada', 'bob', 'root'] as const) {
        clients[caller] = await connect(world.url, world.bearer(caller));
      }
    });
    afterAll(async () => {
      for (const client of Object.values(clients)) await client.close();
    });

    it('are listed with their arguments, as they may be used', async () => {
      const { prompts } = await clients.ada.listPrompts();
      expect(prompts).toEqual([
        { name: 'broken' },
        {
          name: 'translate',
          arguments: [
            { name: 'text', description: 'What to translate', required: true },
            { name: 'language', required: true },
            { name: 'times', required: false },
          ],
        },
        {
          name: 'write_letter',
          title: 'A letter',
          description: 'Writes a letter',
          icons: [{ src: 'https://icons.example.test/letter.png' }],
          arguments: [
            { name: 'to', required: true },
            { name: 'tone', required: false },
          ],
        },
      ]);
      const all = await clients.root.listPrompts();
      expect(all.prompts.map(({ name }: { name: string }) => name)).toEqual([
        'broken',
        'reset',
        'translate',
        'write_letter',
      ]);
    });

    it.each<[string, Caller, string, Record<string, string>, object]>([
      [
        'a text as what the user says, with the listed description',
        'bob',
        'write_letter',
        { to: 'Ada' },
        {
          description: 'Writes a letter',
          messages: [
            {
              role: 'user',
              content: {
                type: 'text',
                text: 'A warm letter of usr_bob to Ada',
              },
            },
          ],
        },
      ],
      [
        'messages as they are, from converted arguments',
        'ada',
        'translate',
        { text: 'Yes', language: 'lang_1', times: '2' },
        {
          description: 'Of this call',
          messages: [
            {
              role: 'user',
              content: {
                type: 'text',
                text: '{"text":"Yes","language":"lang_1","times":2}',
              },
            },
            { role: 'assistant', content: { type: 'text', text: 'Oui' } },
          ],
        },
      ],
      [
        'a block as what the user says',
        'root',
        'reset',
        { level: 'b' },
        { messages: [{ role: 'user', content: { type: 'text', text: 'b' } }] },
      ],
    ])('give %s', async (_case, who, name, input, expected) => {
      const result = await clients[who].getPrompt({ name, arguments: input });
      expect(result).toMatchObject(expected);
    });

    it.each<[string, string, Record<string, string>, number, string]>([
      ['nobody declared', 'nobody', {}, -32602, 'Unknown prompt'],
      ['without what it needs', 'write_letter', {}, -32602, 'to'],
      [
        'with a value that is none',
        'write_letter',
        { to: 'a', tone: 'hot' },
        -32602,
        'tone',
      ],
      [
        'with an argument that cannot be converted',
        'translate',
        { text: 'a', language: 'b', times: 'c' },
        -32602,
        'times',
      ],
      ['that returns no message', 'broken', {}, -32603, 'internal error'],
    ])('%s are an error', async (_case, name, input, code, text) => {
      const failure = await clients.ada
        .getPrompt({ name, arguments: input })
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ code });
      expect(String(failure)).toContain(text);
    });

    const complete = (
      prompt: string,
      argument: string,
      value: string,
      given?: Record<string, string>,
    ) =>
      clients.root.complete({
        ref: { type: 'ref/prompt', name: prompt },
        argument: { name: argument, value },
        ...(given && { context: { arguments: given } }),
      });

    it('complete by a method, a hundred values at most', async () => {
      const { completion } = await complete('translate', 'language', 'lang');
      expect(completion).toEqual({
        values: LANGUAGES.slice(0, 100),
        total: 150,
        hasMore: true,
      });
    });

    it.each<
      [string, string, string, string, Record<string, string>?, string[]?]
    >([
      [
        'by what is given already',
        'translate',
        'language',
        'lang_1',
        { text: 'none' },
        [],
      ],
      ['by the enumeration', 'reset', 'level', '', undefined, ['a', 'b']],
      ['by its beginning', 'reset', 'level', 'B', undefined, ['b']],
      ['of a class too', 'write_letter', 'tone', 'c', undefined, ['cold']],
      ['with nothing to say', 'translate', 'text', '', undefined, []],
    ])('complete %s', async (_case, prompt, argument, value, given, values) => {
      const { completion } = await complete(prompt, argument, value, given);
      expect(completion.values).toEqual(values);
    });

    it.each([
      ['an unknown prompt', { type: 'ref/prompt', name: 'nobody' }],
      [
        'a resource that is no template',
        { type: 'ref/resource', uri: 'notes://index' },
      ],
    ])('do not complete %s', async (_case, ref) => {
      const failure = await clients.ada
        .complete({ ref, argument: { name: 'a', value: '' } })
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: -32602 });
    });
  });
});
