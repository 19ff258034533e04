import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import {
  BODY_TIMEOUT,
  readBody,
  type RequestBody,
} from '../../../lib/mcp/transport/body-reader.js';
import { JSON_HEADERS, textOf } from './support/endpoint.harness.js';
import { json, call, textOfResult } from './support/messages.js';
import { useEndpoint } from './support/use-endpoint.js';

/** A request of so many bytes. */
function bodyOf(size: number): string {
  const frame = JSON.stringify(call('echo', { message: '' }));
  const message = 'x'.repeat(size - frame.length);
  return JSON.stringify(call('echo', { message }));
}

async function consume(request: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('request bodies', () => {
  const harness = useEndpoint();

  it('joins chunks before it decodes them', async () => {
    const message = 'zażółć 🦜 ok';
    const bytes = Buffer.from(JSON.stringify(call('echo', { message })));
    const chunks = Array.from(bytes, (_, index) =>
      bytes.subarray(index, index + 1),
    );
    const response = await harness.send('POST', JSON_HEADERS, chunks);

    expect(textOfResult(json(response))).toBe(message);
  });

  it.each([
    ['a lone continuation byte', [0x80]],
    ['a truncated character', [0xf0, 0x9f]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
  ])('refuses %s', async (_name, bytes) => {
    const body = Buffer.concat([
      Buffer.from('{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"'),
      Buffer.from(bytes),
      Buffer.from('"}}'),
    ]);
    const response = await harness.send('POST', JSON_HEADERS, [body]);

    expect([response.status, json(response).error.code]).toEqual([400, -32700]);
  });

  it('takes a body of exactly the limit', async () => {
    await harness.restart({ bodyLimit: 1000 });

    expect((await harness.post(bodyOf(1000))).status).toBe(200);
  });

  it.each(['content-length', 'chunked'])(
    'refuses a body of one byte more (%s)',
    async (framing) => {
      await harness.restart({ bodyLimit: 1000 });
      const body = bodyOf(1001);
      const response =
        framing === 'chunked'
          ? await harness.send('POST', JSON_HEADERS, [
              body.slice(0, 600),
              body.slice(600),
            ])
          : await harness.post(body);

      expect(response.status).toBe(413);
      expect(response.headers.connection).toBe('close');
      expect(response.text).toBe(
        '{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Request body too large"}}',
      );
      expect(harness.dispatcher.started).toEqual([]);
    },
  );

  it('does not wait for a body that is announced as too large', async () => {
    await harness.restart({ bodyLimit: 1000 });
    const request = harness.open('POST', {
      ...JSON_HEADERS,
      'content-length': 5_000_000,
    });
    request.on('error', () => {});
    request.flushHeaders();
    const status = await new Promise((resolve) =>
      request.on('response', (response) => resolve(response.statusCode)),
    );
    request.destroy();

    expect(status).toBe(413);
  });

  it.each([
    ['value', (bytes: Buffer): unknown => JSON.parse(bytes.toString())],
    ['text', (bytes: Buffer): unknown => bytes.toString()],
    ['bytes', (bytes: Buffer): unknown => bytes],
  ])('takes the %s a body parser left', async (_name, parse) => {
    await harness.restart({}, async (request) => {
      const bytes = await consume(request);
      Object.assign(request, { body: parse(bytes) });
    });
    const response = await harness.post(call('echo', { message: 'parsed' }));

    expect(textOfResult(json(response))).toBe('parsed');
  });

  it('reads the stream when a parser left only an empty body', async () => {
    await harness.restart({}, (request) => {
      Object.assign(request, { body: {} });
    });
    const response = await harness.post(call('echo', { message: 'raw' }));

    expect(textOfResult(json(response))).toBe('raw');
  });

  it('refuses a body that somebody read and kept', async () => {
    await harness.restart({}, async (request) => {
      await consume(request);
    });
    const response = await harness.post(call('echo'));

    expect([response.status, json(response).error.code]).toEqual([400, -32700]);
  });

  it('survives a client that breaks off in the middle of a body', async () => {
    const request = harness.open('POST', {
      ...JSON_HEADERS,
      'content-length': 1000,
    });
    request.on('error', () => {});
    request.write('{"jsonrpc"');
    await new Promise((resolve) => setImmediate(resolve));
    request.destroy();

    expect((await harness.post(call('echo', { message: 'x' }))).status).toBe(
      200,
    );
    expect(harness.log).toEqual([]);
  });

  it('gives up a body that takes too long', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const request = harness.open('POST', {
      ...JSON_HEADERS,
      'content-length': 1000,
    });
    const answered = once(request, 'response');
    request.write('{"jsonrpc"');
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
    vi.advanceTimersByTime(BODY_TIMEOUT);
    const [response] = (await answered) as [IncomingMessage];

    expect(response.statusCode).toBe(408);
    expect(response.headers.connection).toBe('close');
    expect(JSON.parse(await textOf(response))).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: {
        code: -32000,
        message: 'The request body did not arrive in time',
      },
    });
    request.destroy();
  });

  it('forgets the time once a body is there', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await harness.post(call('echo', { message: 'x' }));

    expect(vi.getTimerCount()).toBe(0);
  });

  it('calls back once, however much too large a body is', async () => {
    const stream = Object.assign(new PassThrough(), { headers: {} });
    const done = vi.fn<(body: RequestBody) => void>();
    readBody(stream as unknown as IncomingMessage, 3, done);
    for (const chunk of ['ab', 'cd', 'ef']) stream.write(chunk);
    stream.end();
    await once(stream, 'end');

    expect(done.mock.calls).toEqual([[{ failure: 'too-large' }]]);
  });
});
