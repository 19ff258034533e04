import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bindingOf } from '../../../lib/mcp/modern/request-binding.js';
import { RequestStateSealer } from '../../../lib/mcp/modern/request-state.sealer.js';
import { ADAPTERS } from '../../support/adapters.js';
import { bearer, post, toolCall } from '../../support/post.js';
import {
  CAPABILITIES_META,
  modernRequest,
  standardHeaders,
} from './support/modern-messages.js';
import { record } from './support/modern-tools.js';
import { ModernWorld, STATE_SECRET } from './support/modern-world.js';

const CAN_ASK = { [CAPABILITIES_META]: { elicitation: {} } };
const YES = { confirm: { action: 'accept', content: { ok: true } } };
const INPUT = { target: 'prod' };

describe.each(ADAPTERS)('a call that asks its user on %s', (_name, adapter) => {
  let world: ModernWorld;
  beforeAll(async () => {
    world = await ModernWorld.start(adapter());
  });
  afterAll(() => world.stop());
  beforeEach(() => record.reset());

  const deploy = (extra: object = {}, input: object = INPUT) =>
    world.call('deploy', input, { meta: CAN_ASK, ...extra });

  const firstRound = async (): Promise<string> => {
    const { json } = await deploy();
    return json.result.requestState;
  };

  it('takes two rounds', async () => {
    const { status, json } = await deploy();
    expect(status).toBe(200);
    expect(json.result).toMatchObject({
      resultType: 'input_required',
      inputRequests: {
        confirm: {
          method: 'elicitation/create',
          params: { mode: 'form', message: 'Really?' },
        },
      },
      requestState: expect.any(String),
    });
    const { requestState } = json.result;
    const second = await deploy({ inputResponses: YES, requestState });
    expect(second.json.result).toMatchObject({
      resultType: 'complete',
      structuredContent: {
        target: 'prod',
        asked: 1,
        action: 'accept',
        content: { ok: true },
      },
    });
  });

  it('takes more, and remembers them', async () => {
    let requestState = await firstRound();
    for (const inputResponses of [{ other: {} }, { confirm: 3 }]) {
      const { json } = await deploy({ inputResponses, requestState });
      expect(json.result.resultType).toBe('input_required');
      expect(json.result.requestState).not.toBe(requestState);
      ({ requestState } = json.result);
    }
    const { json } = await deploy({ inputResponses: YES, requestState });
    expect(json.result.structuredContent.asked).toBe(3);
  });

  describe('that is nested without end', () => {
    const DEEP = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;

    const send = async (params: object, member: string) => {
      const sent = { name: 'deploy', arguments: INPUT, ...params };
      const body = modernRequest(
        'tools/call',
        { ...sent, [member]: 'DEEP' },
        CAN_ASK,
      );
      const text = JSON.stringify(body).replace('"DEEP"', DEEP);
      const before = world.logger.lines.length;
      const { json } = await post(world.url, text, {
        ...standardHeaders(modernRequest('tools/call', sent)),
        ...world.bearer(),
      });
      expect(world.logger.lines.slice(before)).toEqual([]);
      return json;
    };

    it.each(['name', 'uri', 'arguments'])(
      'is refused where its state is compared with its %s',
      async (member) => {
        const { error } = await send({ requestState: 'x' }, member);
        expect([-32602, -32020]).toContain(error.code);
        expect(record.runs).toEqual([]);
      },
    );

    it('has no such answers', async () => {
      const { result } = await send({}, 'inputResponses');
      expect(result).toMatchObject({ resultType: 'input_required' });
    });
  });

  it('does not show its state', async () => {
    const requestState = await firstRound();
    const parts = requestState.split('.');
    expect(parts).toHaveLength(5);
    const clear = parts.map((part) =>
      Buffer.from(part, 'base64url').toString(),
    );
    expect(clear.join()).not.toContain('asked');
  });

  it('takes the arguments in any order', async () => {
    const requestState = await firstRound();
    const body = modernRequest('tools/call', {
      requestState,
      inputResponses: YES,
      arguments: { ...INPUT },
      name: 'deploy',
    });
    const { json } = await world.send(body);
    expect(json.result.resultType).toBe('complete');
  });

  it.each([
    ['was changed', (state: string) => ({ requestState: `${state}x` })],
    [
      'was changed within',
      (state: string) => {
        const parts = state.split('.');
        const text = parts[3]!;
        parts[3] = (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
        return { requestState: parts.join('.') };
      },
    ],
    ['is none', () => ({ requestState: 'made-up' })],
    ['is empty', () => ({ requestState: '' })],
    ['is no string', () => ({ requestState: { asked: 9 } })],
    [
      'is of another user',
      (state: string) => ({ requestState: state, user: 'bob' }),
    ],
  ])('refuses a state that %s', async (_what, change) => {
    const state = await firstRound();
    record.reset();
    const { json } = await deploy({ inputResponses: YES, ...change(state) });
    expect(json.error).toMatchObject({
      code: -32602,
      data: { reason: 'invalid_request_state' },
    });
    expect(record.runs).toEqual([]);
  });

  it('refuses the state of another tool', async () => {
    const requestState = await firstRound();
    record.reset();
    const extra = { meta: CAN_ASK, inputResponses: YES, requestState };
    const { json } = await world.call('deploy_again', INPUT, extra);
    expect(json.error.code).toBe(-32602);
    expect(record.runs).toEqual([]);
  });

  it('refuses the state of other arguments', async () => {
    const requestState = await firstRound();
    record.reset();
    const extra = { inputResponses: YES, requestState };
    const { json } = await deploy(extra, { target: 'staging' });
    expect(json.error.code).toBe(-32602);
    expect(record.runs).toEqual([]);
  });

  it.each([
    ['in time', 0, 'complete'],
    ['just in time', 590, 'complete'],
    ['too late', 601, undefined],
  ])('takes a state that comes %s', async (_what, seconds, resultType) => {
    const sealer = new RequestStateSealer({
      secret: STATE_SECRET,
      audience: world.url,
      now: () => Date.now() - seconds * 1000,
    });
    const requestState = await sealer.seal({ asked: 7 }, await ownBinding());
    const { json } = await deploy({ inputResponses: YES, requestState });
    expect(json.result?.resultType).toBe(resultType);
    expect(json.error?.code).toBe(resultType ? undefined : -32602);
  });

  it.each([
    ['another secret', { secret: 'x'.repeat(32) }],
    ['another server', { audience: 'https://other.example.test/mcp' }],
    ['no secret', { secret: undefined }],
  ])('refuses a state sealed with %s', async (_what, init) => {
    const sealer = new RequestStateSealer({
      secret: STATE_SECRET,
      audience: world.url,
      ...init,
    });
    const requestState = await sealer.seal({ asked: 7 }, await ownBinding());
    const { json } = await deploy({ inputResponses: YES, requestState });
    expect(json.error.code).toBe(-32602);
  });

  it('asks nothing the client cannot be asked', async () => {
    const { status, json } = await world.call('deploy', INPUT);
    expect(status).toBe(400);
    expect(json).toMatchObject({
      id: 1,
      error: {
        code: -32021,
        data: { requiredCapabilities: { elicitation: { form: {} } } },
      },
    });
  });

  it.each([
    [{}, { elicitation: { url: {} }, sampling: {} }],
    [{ elicitation: {} }, { elicitation: { url: {} }, sampling: {} }],
    [{ elicitation: { url: {} } }, { sampling: {} }],
    [{ sampling: {} }, { elicitation: { url: {} } }],
  ])('names what a client with %j lacks', async (declared, missing) => {
    const meta = { [CAPABILITIES_META]: declared };
    const { status, json } = await world.call('connect', {}, { meta });
    expect(status).toBe(400);
    expect(json.error.data).toEqual({ requiredCapabilities: missing });
  });

  it('asks several things at once, with no state', async () => {
    const meta = {
      [CAPABILITIES_META]: { elicitation: { url: {} }, sampling: {} },
    };
    const { json } = await world.call('connect', {}, { meta });
    expect(json.result).toMatchObject({
      resultType: 'input_required',
      inputRequests: {
        page: { params: { mode: 'url', url: 'https://example.test/c' } },
        text: { method: 'sampling/createMessage' },
      },
    });
    expect(json.result).not.toHaveProperty('requestState');
  });

  it('cannot be answered for a client of the 2025 era', async () => {
    const { status, json } = await post(
      world.url,
      toolCall('deploy', INPUT),
      bearer(world.tokens.ada),
    );
    expect(status).toBe(200);
    expect(json.error.code).toBe(-32000);
    expect(json.error.message).toContain('2026-07-28');
  });

  const ownBinding = async () => {
    await world.call('whoami');
    const { principal } = record.contexts.at(-1)!;
    const { issuer, subject, clientId } = principal;
    const identity = JSON.stringify([issuer, subject, clientId]);
    const params = { name: 'deploy', arguments: INPUT };
    return bindingOf(identity, modernRequest('tools/call', params) as never);
  };
});
