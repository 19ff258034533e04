import { EmptyResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it, vi } from 'vitest';
import { RESUMABLE_SESSIONS } from '../support/endpoint.harness.js';
import { call, json } from '../support/messages.js';
import { useEndpoint } from '../support/use-endpoint.js';

const ASKING = { elicitation: { form: {} } };

describe('a stream whose connection broke', () => {
  const harness = useEndpoint({ sessions: RESUMABLE_SESSIONS });

  /** A call that runs, with one message out. */
  async function begin(
    session: Record<string, string>,
    tag: string,
    id: number | string = tag,
  ) {
    const streamed = harness.streamed(call('hang', { tag }, id), session);
    const context = await harness.dispatcher.running(tag);
    await context.log('info', `${tag}1`);
    const reader = await (await streamed).until(1);
    return { context, reader };
  }

  async function beginAndBreak(session: Record<string, string>, tag: string) {
    const { context, reader } = await begin(session, tag);
    reader.response.destroy();
    await vi.waitFor(() => expect(harness.endpoint.stats().streams).toBe(0));
    return { context, reader };
  }

  it('goes on with what was missed, what comes, and the answer', async () => {
    const session = await harness.session();
    const { context, reader } = await beginAndBreak(session, 'a');
    await context.log('info', 'a2');
    await context.log('info', 'a3');
    const resumed = await harness.resume(session, reader.lastId);
    await resumed.until(2);
    await context.log('info', 'a4');
    await resumed.until(3);
    harness.dispatcher.release('a');
    await resumed.end();

    expect(resumed.told).toEqual(['a2', 'a3', 'a4', 'answer']);
    expect(resumed.messages.at(-1)).toMatchObject({ id: 'a' });
    expect(new Set(resumed.events.map(({ id }) => id)).size).toBe(4);
    expect(resumed.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'mcp-session-id': session['mcp-session-id'],
    });
  });

  it('has the answer of a call that ended meanwhile', async () => {
    const session = await harness.session();
    const { reader } = await beginAndBreak(session, 'a');
    harness.dispatcher.release('a');
    await vi.waitFor(() => expect(harness.endpoint.stats().calls).toBe(0));
    const resumed = await (await harness.resume(session, reader.lastId)).end();

    expect(resumed.told).toEqual(['answer']);
    expect(harness.endpoint.stats().resumableStreams).toBe(0);
  });

  it('is over for a client that has it all', async () => {
    const session = await harness.session();
    const { reader } = await begin(session, 'a');
    harness.dispatcher.release('a');
    await reader.end();
    const headers = { ...session, 'last-event-id': reader.lastId };
    const answer = await harness.send('GET', {
      ...headers,
      accept: 'text/event-stream',
    });

    expect([answer.status, answer.text]).toEqual([204, '']);
  });

  it('is over when its call was cancelled', async () => {
    const session = await harness.session();
    const { reader } = await beginAndBreak(session, 'a');
    const method = 'notifications/cancelled';
    const params = { requestId: 'a' };
    await harness.post({ jsonrpc: '2.0', method, params }, session);
    const answer = await harness.stream({
      ...session,
      'last-event-id': reader.lastId,
    });

    expect(answer.statusCode).toBe(204);
  });

  it('is given from any event on, more than once', async () => {
    const session = await harness.session();
    const { context, reader } = await beginAndBreak(session, 'a');
    await context.log('info', 'a2');
    harness.dispatcher.release('a');
    await vi.waitFor(() => expect(harness.endpoint.stats().calls).toBe(0));
    const all = reader.events[0]!.id!;
    const told = [];
    for (const id of [all, reader.lastId, all]) {
      told.push((await (await harness.resume(session, id)).end()).told);
    }

    expect(told).toEqual([
      ['a1', 'a2', 'answer'],
      ['a2', 'answer'],
      ['a1', 'a2', 'answer'],
    ]);
  });

  it('has nothing of other streams in it', async () => {
    const session = await harness.session();
    const listening = await harness.resume(session);
    const a = await beginAndBreakOne('a');
    const b = await beginAndBreakOne('b');
    harness.endpoint.broadcast({ method: 'notifications/x', params: {} });
    await listening.until(1);
    await a.context.log('info', 'a2');
    await b.context.log('info', 'b2');
    harness.dispatcher.release('b');
    const resumed = await harness.resume(session, a.reader.lastId);
    harness.dispatcher.release('a');
    await resumed.end();
    const other = await (await harness.resume(session, b.reader.lastId)).end();
    listening.response.destroy();

    expect(resumed.told).toEqual(['a2', 'answer']);
    expect(resumed.messages.at(-1)).toMatchObject({ id: 'a' });
    expect(other.told).toEqual(['b2', 'answer']);
    expect(listening.messages).toHaveLength(1);

    async function beginAndBreakOne(tag: string) {
      const begun = await begin(session, tag);
      begun.reader.response.destroy();
      return begun;
    }
  });

  it('leaves an old connection that the server holds for alive', async () => {
    const session = await harness.session();
    const { context, reader } = await begin(session, 'a');
    const resumed = await harness.resume(session, reader.lastId);
    await reader.end();
    await context.log('info', 'a2');
    harness.dispatcher.release('a');
    await resumed.end();

    expect(reader.told).toEqual(['a1']);
    expect(resumed.told).toEqual(['a2', 'answer']);
  });

  it('goes on with a question, which is answered', async () => {
    const session = await harness.session('alice', ASKING);
    const reader = await harness.streamed(call('ask'), session);
    await reader.until(1);
    reader.response.destroy();
    await vi.waitFor(() => expect(harness.endpoint.stats().streams).toBe(0));
    const resumed = await harness.resume(session, reader.events[0]!.id);
    await resumed.until(1);
    const [question] = resumed.messages;
    const result = { action: 'decline' };
    await harness.post({ jsonrpc: '2.0', id: question.id, result }, session);
    await resumed.end();

    expect(question.method).toBe('elicitation/create');
    expect(resumed.messages[1].result.content[0].text).toBe('decline');
  });

  it('can be asked a question while nobody is there', async () => {
    const session = await harness.session('alice', ASKING);
    const { context, reader } = await beginAndBreak(session, 'a');
    const pong = context.sendRequest({ method: 'ping' }, EmptyResultSchema);
    const resumed = await harness.resume(session, reader.lastId);
    await resumed.until(1);
    const [{ id }] = resumed.messages;
    await harness.post({ jsonrpc: '2.0', id, result: {} }, session);

    expect(await pong).toEqual({});
    harness.dispatcher.release('a');
    await resumed.end();
  });

  it('gives the rest of a batch', async () => {
    const revision = '2025-03-26';
    const session = await harness.session(
      'alice',
      {},
      { protocolVersion: revision },
    );
    const messages = ['a', 'b'].map((tag) => call('hang', { tag }, tag));
    const streamed = harness.streamed(messages, session);
    const context = await harness.dispatcher.running('a');
    await context.log('info', 'a1');
    const reader = await (await streamed).until(1);
    reader.response.destroy();
    await vi.waitFor(() => expect(harness.endpoint.stats().streams).toBe(0));
    harness.dispatcher.release('b');
    const resumed = await harness.resume(session, reader.lastId);
    await resumed.until(1);
    harness.dispatcher.release('a');
    await resumed.end();

    expect(resumed.messages.map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('is complete and without repetition, whenever it breaks', async () => {
    const session = await harness.session();
    const count = 400;
    const { context, reader } = await begin(session, 'a');
    const received: unknown[] = [...reader.told];
    const writing = (async () => {
      for (let index = 2; index <= count; index += 1) {
        await context.log('info', `a${index}`);
        if (index % 3 === 0) await new Promise(setImmediate);
      }
      harness.dispatcher.release('a');
    })();
    let last = reader;
    let breaks = 0;
    while (received.at(-1) !== 'answer') {
      last.response.destroy();
      breaks += 1;
      const next = await harness.resume(session, last.lastId);
      if (next.response.statusCode !== 200) break;
      await next.until(1);
      // What comes after this is read again.
      next.response.pause();
      received.push(...next.told);
      last = next;
    }
    await writing;
    last.response.destroy();

    expect(breaks).toBeGreaterThan(1);
    expect(received).toEqual([
      ...Array.from({ length: count }, (_, index) => `a${index + 1}`),
      'answer',
    ]);
  });

  it('is not needed by calls that are answered at once', async () => {
    const session = await harness.session();
    for (let index = 0; index < 20; index += 1) {
      const { headers } = await harness.post(call('later'), session);
      expect(headers['content-type']).toBe('application/json');
    }

    expect(harness.endpoint.stats()).toMatchObject({
      resumableStreams: 0,
      storedEvents: 0,
    });
  });
});

describe('an event id', () => {
  const harness = useEndpoint({ sessions: RESUMABLE_SESSIONS });
  const told = async (session: Record<string, string>) =>
    harness.streamed(call('logs', { tag: 't' }), session);

  it('comes with every event of a session', async () => {
    const session = await harness.session();
    const reader = await (await told(session)).end();

    expect(reader.events.map(({ id }) => id)).toEqual(
      reader.events.map((_, index) => {
        const [stream] = reader.lastId.split('.');
        return `${stream}.${index}`;
      }),
    );
    // The first has no data, and is there to come back with.
    expect(reader.events.map(({ message }) => message?.id)).toEqual([
      undefined,
      undefined,
      1,
    ]);
  });

  it.each([
    ['2025-11-25', 3],
    ['2025-06-18', 2],
    ['2025-03-26', 2],
  ])('comes without data only in revision 2025-11-25: %s', async (...given) => {
    const [protocolVersion, count] = given;
    const session = await harness.session('alice', {}, { protocolVersion });
    const reader = await (await told(session)).end();
    const listening = await harness.resume(session);
    harness.endpoint.broadcast({ method: 'notifications/x' });
    await listening.until(1);
    listening.response.destroy();

    expect(reader.events).toHaveLength(count);
    expect(reader.events.every(({ id }) => id !== undefined)).toBe(true);
    expect(listening.events).toHaveLength(count - 1);
  });

  it('does not come without a session', async () => {
    const reader = await harness.streamed(call('logs', { tag: 't' }), {});
    await reader.end();

    expect(reader.events.map(({ id }) => id)).toEqual([undefined, undefined]);
  });

  it('does not come where it would lead nowhere', async () => {
    await harness.restart({
      sessions: { ...RESUMABLE_SESSIONS, resumption: false },
    });
    const session = await harness.session();
    const reader = await (await told(session)).end();
    const listening = await harness.stream({
      ...session,
      'last-event-id': 'x',
    });
    listening.destroy();

    expect(reader.events.map(({ id }) => id)).toEqual([undefined, undefined]);
    expect(listening.statusCode).toBe(200);
  });

  it('comes with the time to wait', async () => {
    const resumption = { ...RESUMABLE_SESSIONS.resumption, retryInterval: 250 };
    await harness.restart({ sessions: { ...RESUMABLE_SESSIONS, resumption } });
    const session = await harness.session();
    const reader = await (await told(session)).end();

    expect(reader.events.map(({ retry }) => retry)).toEqual([
      '250',
      undefined,
      undefined,
    ]);
  });

  it.each<[string, (id: string) => string]>([
    ['that never was', () => 'cAAAAAAAAAAAA.0'],
    ['of an event to come', (id) => id.replace(/\d+$/, '9')],
    ['of no number', (id) => id.replace(/\d+$/, 'x')],
    ['of a negative number', (id) => id.replace(/\d+$/, '-1')],
    ['of another spelling', (id) => id.replace('.', '.0')],
    ['of another kind', (id) => id.replace(/^c/, 'l')],
    ['made up', () => '../../etc'],
    ['twice', (id) => `${id}, ${id}`],
    ['very long', () => `c${'A'.repeat(5000)}.1`],
  ])('%s is refused', async (_case, change) => {
    const session = await harness.session();
    const reader = await (await told(session)).end();
    const answer = await harness.send('GET', {
      ...session,
      accept: 'text/event-stream',
      'last-event-id': change(reader.lastId),
    });

    expect(answer.status).toBe(400);
    expect(json(answer).error).toEqual({
      code: -32000,
      message:
        'The Last-Event-ID is unknown, or what came after it is no longer kept',
    });
    expect(harness.endpoint.stats().streams).toBe(0);
  });

  it('says nothing in another session, and nothing to others', async () => {
    const session = await harness.session('alice');
    const own = await harness.session('alice');
    const foreign = await harness.session('mallory');
    const reader = await (await told(session)).end();
    const [first] = reader.events;
    const statusWith = async (headers: Record<string, string>) =>
      (
        await harness.send('GET', {
          ...headers,
          accept: 'text/event-stream',
          'last-event-id': first!.id!,
        })
      ).status;

    expect(await statusWith(own)).toBe(400);
    expect(await statusWith(foreign)).toBe(400);
    expect(await statusWith({ ...session, 'x-user': 'mallory' })).toBe(404);
    expect(await statusWith({ ...session, 'mcp-session-id': 'x' })).toBe(404);
    expect(await statusWith(session)).toBe(200);
  });
});
