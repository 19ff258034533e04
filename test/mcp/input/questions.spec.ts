import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../support/adapters.js';
import { ModernWorld } from '../modern/support/modern-world.js';
import {
  AskedClient,
  isModern,
  KINDS,
  type Script,
} from './support/asking-client.js';
import {
  AskingTools,
  DEFAULTS,
  ENUMS,
  record,
} from './support/asking-tools.js';

const accept = (content: object) => ({ action: 'accept', content });
const CONTACT = { name: 'Ada', email: 'ada@example.test', tags: ['a'] };

/** A tool, the answer of its user, and what comes of it. */
const ANSWERS: [tool: string, answer: object, outcome: object][] = [
  ['contact', accept(CONTACT), accept({ ...CONTACT, age: 30 })],
  ['contact', { action: 'decline' }, { action: 'decline' }],
  ['contact', { action: 'cancel' }, { action: 'cancel' }],
  ['contact', { action: 'decline', content: {} }, { action: 'decline' }],
  [
    'order',
    accept({ dish: 'curry', count: 2, spice: 'hot' }),
    {
      ...accept({ dish: 'curry', count: 2, spice: 'hot' }),
      isInstance: true,
    },
  ],
  [
    'defaults',
    accept({ age: 40 }),
    accept({ name: 'Ada', age: 40, score: 1.5, status: 'new', sure: true }),
  ],
  [
    'enums',
    accept({ plain: 'x', named: 'y', several: ['x', 'y'] }),
    accept({ plain: 'x', named: 'y', several: ['x', 'y'] }),
  ],
  ['page', { action: 'accept' }, { action: 'accept' }],
  ['page', { action: 'decline' }, { action: 'decline' }],
  [
    'think',
    {},
    { content: { type: 'text', text: 'Hello' }, model: 'test-model' },
  ],
  ['folders', {}, { roots: [{ uri: 'file:///work', name: 'work' }] }],
];

describe.each(ADAPTERS)('handlers that ask, on %s', (_name, adapter) => {
  let world: ModernWorld;
  beforeAll(async () => {
    world = await ModernWorld.start(adapter(), {}, AskingTools);
  });
  afterAll(() => world.stop());
  beforeEach(() => record.reset());

  describe.each(KINDS)('a client: %s', (kind) => {
    let client: AskedClient;
    const connect = async (elicit: Script['elicit']) => {
      client = await AskedClient.connect(kind, world.url, world.bearer(), {
        elicit,
      });
      return client;
    };

    it.each(ANSWERS)('%s, answered %j', async (tool, answer, outcome) => {
      await connect(() => answer);
      expect(await client.ask(tool)).toEqual(outcome);
      await client.close();
    });

    it.each([
      ['defaults', DEFAULTS],
      ['enums', ENUMS],
    ])('gets the schema of %s as it is', async (tool, schema) => {
      await connect(() => ({ action: 'cancel' }));
      await client.ask(tool);
      expect(client.asked).toEqual([
        expect.objectContaining({ mode: 'form', requestedSchema: schema }),
      ]);
      await client.close();
    });

    it('gets as much of a schema as it can understand', async () => {
      await connect(() => ({ action: 'cancel' }));
      await client.ask('contact');
      expect(client.asked[0].requestedSchema).toEqual({
        type: 'object',
        properties: {
          name: { type: 'string', minLength: 1 },
          email: { type: 'string', format: 'email' },
          age: {
            type: 'integer',
            minimum: 0,
            maximum: Number.MAX_SAFE_INTEGER,
            default: 30,
          },
          tags: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
        },
        required: ['name'],
      });
      await client.close();
    });

    it('gets a page, with what its revision wants of one', async () => {
      await connect(() => ({ action: 'cancel' }));
      await client.ask('page');
      expect(client.asked).toEqual([
        {
          mode: 'url',
          message: 'Open',
          url: 'https://example.test/connect',
          ...(!isModern(kind) && { elicitationId: expect.any(String) }),
        },
      ]);
      await client.close();
    });

    it('is asked three things, each after the other', async () => {
      await connect(({ message }) => accept({ text: `<${message}>` }));
      const { answers } = await client.ask('survey');
      const one = '<First?>';
      const two = `<After ${one}?>`;
      expect(answers).toEqual([one, two, `<After ${two}?>`]);
      expect(client.asked).toHaveLength(3);
      // In the modern era, each question ends a run.
      expect(record.runs).toHaveLength(isModern(kind) ? 4 : 1);
      await client.close();
    });

    it('is asked no further once it declines', async () => {
      await connect(() =>
        client.asked.length === 2
          ? { action: 'decline' }
          : accept({ text: 'yes' }),
      );
      expect(await client.ask('survey')).toEqual({
        answers: ['yes'],
        stopped: 'decline',
      });
      await client.close();
    });

    it('answers what is asked in both ways, each once', async () => {
      await connect(({ message }) =>
        accept(message === 'Really?' ? { ok: true } : { text: message }),
      );
      const outcome = await client.ask('mixed');
      expect(outcome).toMatchObject({
        first: { text: 'First?' },
        last: { text: 'Last?' },
        keys: ['confirm', 'first', 'last'],
        confirmed: accept({ ok: true }),
        state: { when: '1970-01-01T00:00:00.000Z' },
      });
      expect(client.asked.map(({ message }) => message)).toEqual([
        'First?',
        'Really?',
        'Last?',
      ]);
      await client.close();
    });

    it('answers several things at once', async () => {
      await connect(() => accept({ ok: true }));
      const outcome = await client.ask('several');
      expect(outcome).toMatchObject({
        form: accept({ ok: true }),
        text: { model: 'test-model' },
        roots: { roots: [{ name: 'work' }] },
      });
      await client.close();
    });

    it('is asked again under the same key', async () => {
      await connect(() => accept({ ok: true }));
      expect(await client.ask('stages')).toEqual({ stage: 3 });
      expect(record.runs).toEqual([
        '0 unanswered',
        '1 answered',
        '2 answered',
        '3 answered',
      ]);
      await client.close();
    });

    it('need not be asked for a state to be handed over', async () => {
      await connect(() => accept({}));
      expect(await client.ask('resume')).toEqual({ step: 2 });
      expect(client.asked).toEqual([]);
      await client.close();
    });
  });
});
