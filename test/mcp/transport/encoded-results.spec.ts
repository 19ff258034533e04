import { beforeEach, describe, expect, it } from 'vitest';
import { encodeOnce } from '../../../lib/mcp/results/encode-once.js';
import { call, events, json } from './support/messages.js';
import { useEndpoint } from './support/use-endpoint.js';

const RESULT = encodeOnce({ text: 'ä → \u2028 "quoted"', list: [1, null] });
const ids = [1, 0, 'a "quoted" → id', 'x'.repeat(100)];

describe('a result that was written before', () => {
  const harness = useEndpoint();
  beforeEach(() => {
    harness.dispatcher.dispatch = async ({ params }, context) => {
      if (params?.['name'] === 'progress') await context.progress(1);
      return RESULT;
    };
  });

  it.each(ids)('answers the id %j', async (id) => {
    const answer = await harness.post(call('any', {}, id));
    expect(json(answer)).toEqual({ jsonrpc: '2.0', id, result: RESULT });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(answer.text)),
    });
  });

  it('answers in a session, which is named', async () => {
    const session = await harness.session();
    const answer = await harness.post(call('any'), session);
    expect(json(answer).result).toEqual(RESULT);
    expect(answer.headers['mcp-session-id']).toBe(session['mcp-session-id']);
  });

  it('answers on a connection that is used again', async () => {
    for (const id of ids) {
      const answer = await harness.post(call('any', {}, id));
      expect(json(answer)).toMatchObject({ id, result: RESULT });
    }
  });

  it('answers each request of a batch', async () => {
    const batch = ids.map((id) => call('any', {}, id));
    const answers = json(await harness.post(batch));
    expect(answers).toEqual(
      ids.map((id) => ({ jsonrpc: '2.0', id, result: RESULT })),
    );
  });

  it('answers on a stream', async () => {
    const message = call('progress', {}, 'p', { progressToken: 't' });
    const [progress, answer] = events(await harness.post(message));
    expect(progress.method).toBe('notifications/progress');
    expect(answer).toEqual({ jsonrpc: '2.0', id: 'p', result: RESULT });
  });
});

describe('a result that cannot be written', () => {
  it('is refused before it is anybody’s answer', () => {
    expect(() => encodeOnce({ large: 1n })).toThrow(TypeError);
  });
});
