import { McpServers } from 'nestjs-keycard';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
} from 'vitest';
import { ADAPTERS } from '../../support/adapters.js';
import { NotesWorld, type Caller } from '../../support/notes.world.js';
import { post, request } from '../../support/post.js';
import {
  LISTENERS,
  stateOf,
  type ListeningClient,
} from './support/listening-clients.js';

const ADAS = 'notes://a%2F1';
const INDEX = 'notes://index';

describe.each(ADAPTERS)('a subscription on %s', (_name, createAdapter) => {
  let world: NotesWorld;
  const update = (uri: string) =>
    world.application.get(McpServers).get().resourceUpdated(uri);

  beforeAll(async () => {
    world = await NotesWorld.start(createAdapter(), {
      mcp: { subscriptions: { maxResources: 2, maxStreamsPerCaller: 5 } },
    });
  });
  afterAll(() => world.stop());

  describe.each(LISTENERS)('by %s', (era, listen) => {
    const listeners: ListeningClient[] = [];
    const connect = async (caller: Caller) => {
      const headers = world.bearer(caller);
      const listener = await listen(world.url, headers, world.application);
      listeners.push(listener);
      return listener;
    };
    let ada: ListeningClient;
    let bob: ListeningClient;

    beforeEach(async () => {
      ada = await connect('ada');
      bob = await connect('bob');
    });
    afterEach(async () => {
      for (const one of listeners.splice(0)) await one.close();
      await vi.waitFor(() =>
        expect(stateOf(world.application)).toEqual({
          sessions: 0,
          streams: 0,
          listeners: 0,
        }),
      );
    });

    /** What both are told once this is told to everybody. */
    const heardBy = async (...clients: ListeningClient[]) => {
      const server = world.application.get(McpServers).get();
      const prompt = { name: 'fence', handler: () => '' };
      (await server.addPrompt(prompt)).remove();
      for (const { heard } of clients) {
        await vi.waitFor(() => expect(heard).toContain('prompts/list_changed'));
      }
      return clients.map(({ heard }) =>
        heard.filter((name) => name.startsWith('resources/')),
      );
    };

    it('tells who subscribed, and nobody else', async () => {
      await ada.subscribe(INDEX);
      update(INDEX);
      update('notes://logo');
      const told = `resources/updated ${INDEX}`;
      expect(await heardBy(ada, bob)).toEqual([[told], []]);
      expect((await ada.client.readResource({ uri: INDEX })).contents).toEqual([
        expect.objectContaining({ uri: INDEX }),
      ]);
    });

    it('tells once what happens in one turn', async () => {
      await ada.subscribe(INDEX);
      for (let n = 0; n < 100; n++) update(INDEX);
      expect(await heardBy(ada)).toEqual([[`resources/updated ${INDEX}`]]);
    });

    it('ends when the client wants it to', async () => {
      await ada.subscribe(INDEX);
      await ada.unsubscribe(INDEX);
      // A stream of the modern era ends when the server notices.
      await vi.waitFor(() => {
        const { listeners: open, sessions } = stateOf(world.application);
        expect(open + sessions).toBe(2);
      });
      update(INDEX);
      expect(await heardBy(ada)).toEqual([[]]);
    });

    it('is to the one resource, of many in a template', async () => {
      await ada.subscribe(ADAS);
      update(ADAS);
      update('notes://b%202');
      expect(await heardBy(ada)).toEqual([[`resources/updated ${ADAS}`]]);
    });

    it('is not to what the caller lacks a scope for', async () => {
      const uri = 'notes://secret';
      const refused = await bob.subscribe(uri).catch((error: unknown) => error);
      expect(String(refused)).toMatch(/insufficient.?scope/i);
      const root = await connect('root');
      await root.subscribe(uri);
      update(uri);
      expect(await heardBy(bob, root)).toEqual([
        [],
        [`resources/updated ${uri}`],
      ]);
    });

    it.each([
      ['of another user', ADAS],
      ['that nobody declared', 'other://a'],
      ['that the handler does not find', 'notes://gone'],
      ['that fails', 'broken://error'],
    ])('is not to a resource %s', async (_case, uri) => {
      const outcome = await bob.subscribe(uri).then(
        () => 'subscribed',
        () => 'refused',
      );
      // Revision 2026-07-28 agrees on what is left: nothing.
      expect(outcome).toBe(
        era.startsWith('a session') ? 'refused' : 'subscribed',
      );
      update(uri);
      expect(await heardBy(bob)).toEqual([[]]);
    });
  });

  it('says how to get the scope that is missing', async () => {
    const message = request('resources/subscribe', { uri: 'notes://secret' });
    const { status, headers } = await post(world.url, message, world.bearer());
    expect(status).toBe(403);
    const challenge = headers.get('www-authenticate');
    expect(challenge).toContain('error="insufficient_scope"');
    expect(challenge).toContain('scope="mcp:tools admin"');
  });

  it('is one of no more than a session may have', async () => {
    const [, listen] = LISTENERS[0]!;
    const ada = await listen(world.url, world.bearer(), world.application);
    await ada.subscribe(INDEX);
    await ada.subscribe(ADAS);
    await ada.subscribe(ADAS);
    await expect(ada.subscribe('notes://b%202')).rejects.toThrow(
      'Too many subscriptions: at most 2 resources',
    );
    await ada.unsubscribe(ADAS);
    await ada.subscribe('notes://b%202');
    await expect(ada.subscribe(undefined as never)).rejects.toThrow();
    await ada.close();
  });
});
