import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
} from 'vitest';
import { ClientInputError } from 'nestjs-keycard';
import { ADAPTERS } from '../../support/adapters.js';
import { bearer, post, toolCall } from '../../support/post.js';
import { ModernWorld } from '../modern/support/modern-world.js';
import {
  AskedClient,
  isModern,
  KINDS,
  type ClientKind,
  type Script,
} from './support/asking-client.js';
import { AskingTools, record } from './support/asking-tools.js';

const accept = (content: object) => ({ action: 'accept', content });
const PUSHED = KINDS.filter((kind) => !isModern(kind));

describe.each(ADAPTERS)('questions without an answer, on %s', (_n, adapter) => {
  let world: ModernWorld;
  let stateless: ModernWorld;
  let fleeting: ModernWorld;
  beforeAll(async () => {
    fleeting = await ModernWorld.start(
      adapter(),
      { mcp: { sessions: { resumption: false } } },
      AskingTools,
    );
    stateless = await ModernWorld.start(
      adapter(),
      { mcp: { sessions: false } },
      AskingTools,
    );
    // The last to start: Nest has one logger for all applications.
    world = await ModernWorld.start(adapter(), {}, AskingTools);
  });
  afterAll(() =>
    Promise.all([world.stop(), stateless.stop(), fleeting.stop()]),
  );
  beforeEach(() => record.reset());

  const connect = (kind: ClientKind, script: Script, to = world) =>
    AskedClient.connect(kind, to.url, to.bearer(), script);

  const failure = (call: Promise<unknown>): Promise<any> =>
    call.then(
      (result) => expect.unreachable(JSON.stringify(result)),
      (error: unknown) => error,
    );

  describe.each(KINDS)('a client: %s', (kind) => {
    it.each([
      ['contact', {}, { elicitation: { form: {} } }],
      ['contact', { elicitation: { url: {} } }, { elicitation: { form: {} } }],
      ['page', { elicitation: {} }, { elicitation: { url: {} } }],
      ['think', { elicitation: {} }, { sampling: {} }],
      ['folders', {}, { roots: {} }],
      ['several', { roots: {} }, { elicitation: { form: {} }, sampling: {} }],
    ])('%s is not asked of %j', async (tool, capabilities, missing) => {
      const client = await connect(kind, { capabilities });
      const error = await failure(client.call(tool));
      expect(error.code).toBe(-32021);
      expect(error.message).toContain(Object.keys(missing).join(', '));
      expect(error.data).toEqual({ requiredCapabilities: missing });
      expect(client.asked).toEqual([]);
      await client.close();
    });

    it('may be asked by who does something else meanwhile', async () => {
      const client = await connect(kind, {
        elicit: () => accept({ name: 'Ada' }),
      });
      expect(await client.ask('early')).toMatchObject({ action: 'accept' });
      await client.close();
    });

    it.each(['early', 'careless'])(
      'that cannot be asked ends no process: %s',
      async (tool) => {
        const unhandled: unknown[] = [];
        const note = (reason: unknown) => unhandled.push(reason);
        process.on('unhandledRejection', note);
        const client = await connect(kind, { capabilities: {} });
        await client.call(tool).catch(() => {});
        await client.close();
        process.off('unhandledRejection', note);
        expect(unhandled).toEqual([]);
      },
    );

    it('that cannot be asked can be done without', async () => {
      const client = await connect(kind, { capabilities: {} });
      expect(await client.ask('resigned')).toEqual({
        reason: 'capability_missing',
        code: -32021,
      });
      await client.close();
    });

    it.each([
      ['what is missing', {}, 'name: is required'],
      ['what is not right', { name: 'A', age: -1 }, 'age: '],
      ['what a form does not say', { name: 'A', email: 'a@b' }, 'email: '],
    ])('is told %s in its answer', async (_what, content, text) => {
      const client = await connect(kind, { elicit: () => accept(content) });
      const error = await failure(client.call('contact'));
      expect(error.code).toBe(-32602);
      expect(error.message).toContain('"contact" does not match');
      expect(error.data).toMatchObject({
        reason: 'invalid_answer',
        key: 'contact',
        issues: [{ path: text.split(':')[0] }],
      });
      await client.close();
    });

    it('is not asked for what no form has', async () => {
      const client = await connect(kind, {});
      const result = await client.call('nested');
      expect(result.isError).toBe(true);
      expect(client.asked).toEqual([]);
      expect(world.logger.text).toContain(
        'The form "nested": A form cannot have the property "deep"',
      );
      await client.close();
    });

    it('has answered, and then the handler takes too long', async () => {
      const client = await connect(kind, {
        elicit: () => ({ action: 'decline' }),
      });
      const result = await client.call('hurried');
      expect(result.isError).toBe(true);
      expect(result.content[0].text).toContain('timed out');
      await client.close();
    });

    it('is given up when the handler never has enough', async () => {
      const client = await connect(kind, { elicit: () => accept({}) });
      const error = await failure(client.call('insatiable'));
      expect(error.message).toMatch(/8 times|rounds/);
      expect(client.asked.length).toBeGreaterThanOrEqual(8);
      await client.close();
    });
  });

  describe.each(PUSHED)('a client that is asked in a session: %s', (kind) => {
    it('refuses', async () => {
      const elicit = () => {
        throw new Error('not now');
      };
      const client = await connect(kind, { elicit });
      expect(await client.ask('resigned')).toEqual({
        reason: 'refused',
        code: -32000,
      });
      const error = await failure(client.call('several'));
      expect(error).toMatchObject({
        code: -32000,
        data: { reason: 'refused' },
      });
      expect(error.message).toContain('elicitation/create');
      await client.close();
    });

    it('cancels while it is asked', async () => {
      const controller = new AbortController();
      const told = vi.fn<() => void>();
      const client: AskedClient = await connect(kind, {
        elicit: (_params, signal) =>
          client.asked.length === 1
            ? { action: 'decline' }
            : new Promise(() => {
                signal.addEventListener('abort', told);
                controller.abort('enough');
              }),
      });
      // Version 1 does not cancel a request whose id is 0, as the first one's is.
      await client.call('watched');
      const { signal } = controller;
      await failure(client.call('watched', { signal }));
      await vi.waitFor(() =>
        expect(record.caught).toEqual([
          expect.objectContaining({ name: 'AbortError' }),
        ]),
      );
      // Nobody waits for the answer, so the form is to be closed.
      await vi.waitFor(() => expect(told).toHaveBeenCalled());
      await client.close();
    });

    it('disconnects while it is asked, and cannot come back', async () => {
      const leave = { elicit: () => new Promise(() => void client.close()) };
      const client: AskedClient = await connect(kind, leave, fleeting);
      await failure(client.call('watched'));
      await vi.waitFor(() => expect(record.caught).toHaveLength(1));
      expect(record.caught[0]).toBeInstanceOf(ClientInputError);
      expect(record.caught[0]).toMatchObject({ reason: 'unreachable' });
    });

    it.each(['contact', 'several', 'page', 'folders'])(
      'has no session and cannot be asked: %s',
      async (tool) => {
        const client = await connect(kind, {}, stateless);
        const error = await failure(client.call(tool));
        expect(error.code).toBe(-32000);
        expect(error.message).toMatch(/initialize.*2026-07-28/);
        expect(error.data).toEqual({ reason: 'session_required' });
        await client.close();
      },
    );
  });

  it('are errors for a request without a session, where others have one', async () => {
    const headers = bearer(world.tokens.ada);
    const { json } = await post(world.url, toolCall('contact'), headers);
    expect(json.error).toMatchObject({
      code: -32000,
      data: { reason: 'session_required' },
    });
  });
});
