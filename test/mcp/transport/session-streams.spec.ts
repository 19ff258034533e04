import { describe, expect, it, vi } from 'vitest';
import { textOf } from './support/endpoint.harness.js';
import { nextEvent } from './support/messages.js';
import { useEndpoint } from './support/use-endpoint.js';

describe('streams of sessions', () => {
  const harness = useEndpoint();

  it('get what is broadcast', async () => {
    const sessions = [await harness.session(), await harness.session('bob')];
    await harness.session('carol');
    const streams = await Promise.all(
      sessions.map((session) => harness.stream(session)),
    );
    const received = streams.map(nextEvent);
    const method = 'notifications/tools/list_changed';
    harness.endpoint.broadcast({ method });

    expect(await Promise.all(received)).toEqual([
      { jsonrpc: '2.0', method },
      { jsonrpc: '2.0', method },
    ]);
    expect(streams[0]!.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'mcp-session-id': sessions[0]!['mcp-session-id'],
    });
    expect(harness.endpoint.stats().streams).toBe(2);
    streams.forEach((stream) => stream.destroy());
  });

  it('broadcast nothing that cannot be written', () => {
    harness.endpoint.broadcast({ method: 'x', params: { big: 1n } });

    expect(harness.log.map(({ level }) => level)).toEqual(['warn']);
  });

  it('replace the one before', async () => {
    const session = await harness.session();
    const first = await harness.stream(session);
    const second = await harness.stream(session);
    const received = nextEvent(second);

    expect(await textOf(first)).toBe('');
    harness.endpoint.broadcast({ method: 'notifications/x' });
    expect((await received).method).toBe('notifications/x');
    expect(harness.endpoint.stats().streams).toBe(1);
    second.destroy();
  });

  it('end with the token that opened them', async () => {
    const session = await harness.session();
    const expires = String(Math.ceil(Date.now() / 1000) + 1);
    const stream = await harness.stream({ ...session, 'x-expires': expires });

    expect(await textOf(stream)).toBe('');
    expect(harness.endpoint.stats()).toMatchObject({
      sessions: 1,
      streams: 0,
    });
  });

  it('are left when their client closes them', async () => {
    const session = await harness.session();
    const stream = await harness.stream(session);
    stream.destroy();

    await vi.waitFor(() => expect(harness.endpoint.stats().streams).toBe(0));
  });

  it('are kept open by comments', async () => {
    await harness.restart({ keepAliveInterval: 10 });
    const stream = await harness.stream(await harness.session());
    const [chunk] = await new Promise<Buffer[]>((resolve) =>
      stream.on('data', (data: Buffer) => resolve([data])),
    );
    stream.destroy();

    expect(String(chunk)).toBe(': keep-alive\n\n');
  });
});
