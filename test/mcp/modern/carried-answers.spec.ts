import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../support/adapters.js';
import { AskingTools, record } from '../input/support/asking-tools.js';
import { CAPABILITIES_META } from './support/modern-messages.js';
import { ModernWorld } from './support/modern-world.js';

const META = { [CAPABILITIES_META]: { elicitation: {} } };
const YES = { confirm: { action: 'accept', content: { ok: true } } };

const said = (text: string) => ({ action: 'accept', content: { text } });

describe.each(ADAPTERS)('answers of earlier rounds on %s', (_name, adapter) => {
  let world: ModernWorld;
  beforeAll(async () => {
    world = await ModernWorld.start(adapter(), {}, AskingTools);
  });
  afterAll(() => world.stop());
  beforeEach(() => record.reset());

  const round = async (
    tool: string,
    inputResponses?: object,
    requestState?: string,
    user: 'ada' | 'bob' = 'ada',
  ) => {
    const { json } = await world.call(
      tool,
      {},
      { meta: META, inputResponses, requestState, user },
    );
    return json.result ?? json;
  };

  /** The second round of the survey, with one answer in its state. */
  const second = async () => {
    await round('survey');
    return round('survey', { one: said('secret') });
  };

  it('are carried by the state, and the last ones by the client', async () => {
    const first = await round('survey');
    expect(Object.keys(first.inputRequests)).toEqual(['one']);
    // Nothing is known yet, so there is nothing to carry.
    expect(first).not.toHaveProperty('requestState');
    const two = await round('survey', { one: said('1') });
    expect(Object.keys(two.inputRequests)).toEqual(['two']);
    const three = await round('survey', { two: said('2') }, two.requestState);
    expect(Object.keys(three.inputRequests)).toEqual(['three']);
    const last = await round(
      'survey',
      { three: said('3') },
      three.requestState,
    );
    expect(last.structuredContent).toEqual({ answers: ['1', '2', '3'] });
  });

  it('are asked for anew where the state is lost', async () => {
    await second();
    const { inputRequests } = await round('survey', { two: said('2') });
    expect(Object.keys(inputRequests)).toEqual(['one']);
  });

  it('give way to newer ones', async () => {
    const { requestState } = await second();
    const answers = { one: said('new'), two: said('2') };
    const three = await round('survey', answers, requestState);
    const last = await round(
      'survey',
      { three: said('3') },
      three.requestState,
    );
    expect(last.structuredContent.answers).toEqual(['new', '2', '3']);
  });

  it('can neither be read nor changed', async () => {
    const { requestState } = await second();
    const parts: string[] = requestState.split('.');
    const clear = parts.map((part) =>
      Buffer.from(part, 'base64url').toString(),
    );
    expect(clear.join()).not.toContain('secret');
    parts[3] = (parts[3]!.startsWith('A') ? 'B' : 'A') + parts[3]!.slice(1);
    record.reset();
    const forged = await round('survey', {}, parts.join('.'));
    expect(forged.error.code).toBe(-32602);
    expect(record.runs).toEqual([]);
  });

  it.each([
    ['another user', 'survey', 'bob'],
    ['another tool', 'mixed', 'ada'],
  ] as const)('are no use to %s', async (_who, tool, user) => {
    const { requestState } = await second();
    record.reset();
    const stolen = await round(tool, { two: said('2') }, requestState, user);
    expect(stolen.error.code).toBe(-32602);
    expect(record.runs).toEqual([]);
  });

  it('do not answer what is asked again', async () => {
    const { requestState } = await round('stages');
    const next = await round('stages', YES, requestState);
    expect(next.inputRequests).toHaveProperty('confirm');
    await round('stages', undefined, next.requestState);
    expect(record.runs).toEqual([
      '0 unanswered',
      '1 answered',
      // Its answer to stage 1 is none to stage 2.
      '2 unanswered',
    ]);
  });

  it.each([
    ['nothing', undefined],
    ['something else', { other: said('x') }],
    ['no answer', { one: 'yes' }],
    ['a key that every object has', { constructor: said('x') }],
  ])('are asked for again where a client sends %s', async (_what, answers) => {
    const { inputRequests } = await round('survey', answers);
    expect(Object.keys(inputRequests)).toEqual(['one']);
  });

  it.each([{}, { action: 'perhaps' }, { action: 3 }, { content: {} }])(
    'are refused where they are %j',
    async (answer) => {
      const { error } = await round('survey', { one: answer });
      expect(error).toMatchObject({
        code: -32602,
        message: 'The answer to "one" is not a result of elicitation/create',
        data: { reason: 'invalid_answer' },
      });
    },
  );

  it('are not asked for along with a state alone', async () => {
    const first = await round('resume');
    expect(first).toEqual({
      resultType: 'input_required',
      requestState: expect.any(String),
      _meta: expect.anything(),
    });
  });
});
