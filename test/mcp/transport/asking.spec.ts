import type { IncomingMessage } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { JSON_HEADERS, textOf } from './support/endpoint.harness.js';
import {
  call,
  events,
  json,
  nextEvent,
  textOfResult,
} from './support/messages.js';
import { useEndpoint } from './support/use-endpoint.js';

const ELICITATION = { elicitation: { form: {} } };
const TEN_MINUTES = 600_000;

/** After each of these, the harness looks for what is left of the question. */
describe.each(['elicit', 'require', 'requireLater'])(
  'a question in a session, by %s,',
  (tool) => {
    const harness = useEndpoint();

    const ask = async (message: object = call(tool)) => {
      const session = await harness.session('alice', ELICITATION);
      const request = harness.open('POST', { ...JSON_HEADERS, ...session });
      request.on('error', () => {});
      request.end(JSON.stringify(message));
      const stream = await new Promise<IncomingMessage>((resolve) =>
        request.on('response', resolve),
      );
      const question = await nextEvent(stream);
      const rest = textOf(stream).then((text) => events({ text }));
      rest.catch(() => {});
      return { session, request, question, rest };
    };

    const answer = (id: number, session: Record<string, string>) =>
      harness.post(
        { jsonrpc: '2.0', id, result: { action: 'decline' } },
        session,
      );

    it('is answered', async () => {
      const { session, question, rest } = await ask();
      await answer(question.id, session);
      expect(textOfResult((await rest).at(-1))).toBe('decline');
    });

    it('may come from other methods', async () => {
      const { session, question, rest } = await ask({
        jsonrpc: '2.0',
        id: 1,
        method: 'prompts/get',
        params: { name: tool },
      });
      await answer(question.id, session);
      expect(textOfResult((await rest).at(-1))).toBe('decline');
    });

    it('may not come from all methods', async () => {
      const session = await harness.session('alice', ELICITATION);
      const response = await harness.post(
        {
          jsonrpc: '2.0',
          id: 1,
          method: 'completion/complete',
          params: { name: tool },
        },
        session,
      );
      expect(json(response).error.code).toBe(-32603);
      expect(String(harness.log[0]?.cause)).toContain(
        'completion/complete cannot ask its client',
      );
    });

    it('is over when the call is cancelled, and the client is told', async () => {
      const { session, question, rest } = await ask();
      const params = { requestId: 1 };
      await harness.post(
        { jsonrpc: '2.0', method: 'notifications/cancelled', params },
        session,
      );
      expect(await rest).toEqual([
        expect.objectContaining({
          method: 'notifications/cancelled',
          params: {
            requestId: question.id,
            reason: 'The client cancelled the request',
          },
        }),
      ]);
    });

    it('is over when the connection breaks', async () => {
      const { request } = await ask();
      request.destroy();
      await vi.waitFor(() =>
        expect(harness.endpoint.stats()).toMatchObject({
          calls: 0,
          serverRequests: 0,
        }),
      );
      expect(harness.log).toEqual([]);
    });

    it('is over when the session ends', async () => {
      const { session, rest } = await ask();
      await harness.send('DELETE', session);
      expect((await rest).at(-1).error).toEqual({
        code: -32000,
        message: 'The session has ended',
      });
    });

    it('is over when the server closes', async () => {
      const { rest } = await ask();
      await harness.endpoint.close();
      expect((await rest).at(-1).error.code).toBe(-32000);
    });

    it('is over when the client answers nonsense', async () => {
      const { session, question, rest } = await ask();
      const { id } = question;
      const result = { action: 'perhaps' };
      await harness.post({ jsonrpc: '2.0', id, result }, session);
      const last = (await rest).at(-1);
      // What it requires it gets as it is, and looks at by itself.
      if (tool === 'elicit') expect(last.error.code).toBe(-32602);
      else expect(textOfResult(last)).toBe('perhaps');
    });

    it('waits longer than the call may take', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      harness.dispatcher.timeout = 30;
      const message = call(tool === 'requireLater' ? 'require' : tool);
      const { session, question, rest } = await ask(message);
      await vi.advanceTimersByTimeAsync(TEN_MINUTES - 1);
      await answer(question.id, session);
      expect(textOfResult((await rest).at(-1))).toBe('decline');
    });

    it('waits no longer than ten minutes', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      harness.dispatcher.timeout = 30;
      const message = call(tool === 'requireLater' ? 'require' : tool);
      const { question, rest } = await ask(message);
      await vi.advanceTimersByTimeAsync(TEN_MINUTES - 1);
      expect(harness.endpoint.stats().serverRequests).toBe(1);
      await vi.advanceTimersByTimeAsync(1);
      const [cancelled, last] = await rest;
      expect(cancelled).toMatchObject({
        method: 'notifications/cancelled',
        params: { requestId: question.id },
      });
      expect(last.error).toEqual({
        code: -32001,
        message: `The client did not answer elicitation/create within ${TEN_MINUTES} ms`,
        data: { reason: 'timed_out' },
      });
    });
  },
);
