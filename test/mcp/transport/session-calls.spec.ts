import { describe, expect, it } from 'vitest';
import { json, events, call, textOfResult } from './support/messages.js';
import { JSON_HEADERS } from './support/endpoint.harness.js';
import { useEndpoint } from './support/use-endpoint.js';

describe('calls in sessions', () => {
  const harness = useEndpoint();

  it('never cross, with equal ids in flight', async () => {
    const sessions = await Promise.all(
      Array.from({ length: 20 }, (_, index) => harness.session(`u${index}`)),
    );
    const crossed: string[] = [];
    let next = 0;
    const worker = async () => {
      while (next < 2000) {
        const index = next++;
        const message = `m${index}`;
        const response = await harness.post(
          call(index % 2 ? 'later' : 'echo', { message }, 'same'),
          sessions[index % 20],
        );
        const answer = json(response);
        if (answer.id !== 'same' || textOfResult(answer) !== message) {
          crossed.push(message);
        }
      }
    };
    await Promise.all(Array.from({ length: 100 }, worker));

    expect(crossed).toEqual([]);
  });

  it('cancel their own calls by the id the client chose', async () => {
    const alice = await harness.session('alice');
    const bob = await harness.session('bob');
    const cancelled = harness.post(call('hang', { tag: 'a' }, 5), alice);
    const other = harness.post(call('hang', { tag: 'b' }, 5), bob);
    const context = await harness.dispatcher.running('a');
    const untouched = await harness.dispatcher.running('b');
    const notification = {
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: 5, reason: 'user' },
    };
    const accepted = await harness.post(notification, alice);
    const response = await cancelled;

    expect([accepted.status, response.status, response.text]).toEqual([
      202,
      200,
      '',
    ]);
    expect(context.signal.reason).toMatchObject({
      name: 'AbortError',
      message: 'The client cancelled the request',
    });
    expect(untouched.signal.aborted).toBe(false);
    harness.dispatcher.release('a');
    harness.dispatcher.release('b');
    expect(textOfResult(json(await other))).toBe('b');
  });

  it.each(['5', 6, null, undefined, {}])(
    'do not cancel a call 5 for the id %j',
    async (requestId) => {
      const session = await harness.session();
      const pending = harness.post(call('hang', { tag: 'a' }, 5), session);
      await harness.dispatcher.running('a');
      const method = 'notifications/cancelled';
      await harness.post(
        { jsonrpc: '2.0', method, params: { requestId } },
        session,
      );
      harness.dispatcher.release('a');

      expect(textOfResult(json(await pending))).toBe('a');
    },
  );

  it('go on when a connection breaks', async () => {
    const session = await harness.session();
    const request = harness.open('POST', { ...JSON_HEADERS, ...session });
    request.on('error', () => {});
    request.end(JSON.stringify(call('hang', { tag: 'x' })));
    const context = await harness.dispatcher.running('x');
    request.destroy();
    await harness.post(call('echo'), session);
    const { calls } = harness.endpoint.stats();
    harness.dispatcher.release('x');

    expect([calls, context.signal.aborted]).toEqual([1, false]);
  });

  it('keep the log level their client set', async () => {
    const [loud, quiet] = [await harness.session(), await harness.session()];
    const method = 'logging/setLevel';
    const params = { level: 'error' };
    await harness.post({ jsonrpc: '2.0', id: 1, method, params }, quiet);
    const levels = ['debug', 'info', 'warning', 'error'];
    const logged = async (session: Record<string, string>) => {
      const response = await harness.post(call('logs', { levels }), session);
      return events(response)
        .slice(0, -1)
        .map((event) => event.params.level);
    };

    expect(await logged(loud)).toEqual(['info', 'warning', 'error']);
    expect(await logged(quiet)).toEqual(['error']);
  });
});
