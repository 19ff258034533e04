import { describe, expect, it } from 'vitest';
import { json, call } from './support/messages.js';
import { useEndpoint } from './support/use-endpoint.js';

const KEY = 'io.modelcontextprotocol/protocolVersion';
const SUPPORTED = [
  '2025-11-25',
  '2025-06-18',
  '2025-03-26',
  '2024-11-05',
  '2024-10-07',
];

const claims: [string, object, Record<string, string>, string | undefined][] = [
  [
    'in the message',
    call('echo', {}, 1, { [KEY]: '2026-07-28' }),
    {},
    '2026-07-28',
  ],
  [
    'of a later revision',
    call('echo', {}, 1, { [KEY]: '2027-01-01' }),
    {},
    '2027-01-01',
  ],
  ['that makes no sense', call('echo', {}, 1, { [KEY]: null }), {}, undefined],
  [
    'in the header',
    call('echo'),
    { 'mcp-protocol-version': '2026-07-28' },
    '2026-07-28',
  ],
  [
    'beside an unknown revision and session',
    call('echo', {}, 1, { [KEY]: '2026-07-28' }),
    { 'mcp-protocol-version': '1', 'mcp-session-id': 'nope' },
    '2026-07-28',
  ],
];

describe('the modern era', () => {
  const harness = useEndpoint();

  it.each(claims)(
    'is told what is spoken instead, claimed %s',
    async (_name, body, headers, requested) => {
      const response = await harness.post(body, headers);

      expect(response.status).toBe(400);
      expect(json(response)).toEqual({
        jsonrpc: '2.0',
        id: 1,
        error: {
          code: -32022,
          message: `Unsupported protocol version (supported: ${SUPPORTED.join(', ')})`,
          data: { supported: SUPPORTED, ...(requested && { requested }) },
        },
      });
    },
  );

  it.each(claims)(
    'is handed over with body and caller, claimed %s',
    async (_name, body, headers) => {
      const seen: unknown[] = [];
      await harness.restart({
        modern: {
          handle: (_request, response, parsed, caller) => {
            seen.push(parsed, caller.identity);
            response.writeHead(200).end('modern');
          },
        },
      });
      const response = await harness.post(body, headers);

      expect([response.status, response.text]).toEqual([200, 'modern']);
      expect(seen).toEqual([body, 'alice']);
    },
  );

  it.each([
    [
      'throws',
      () => {
        throw new Error('modern');
      },
    ],
    ['rejects', () => Promise.reject(new Error('modern'))],
  ])('is answered with 500 when its handler %s', async (_name, handle) => {
    await harness.restart({ modern: { handle } });
    const response = await harness.post(claims[0]![1]);

    expect([response.status, json(response).error.message]).toEqual([
      500,
      'Internal error',
    ]);
    expect(harness.log.map(({ cause }) => cause)).toEqual([
      new Error('modern'),
    ]);
  });

  it('is cut off when its handler fails in the middle of an answer', async () => {
    await harness.restart({
      modern: {
        handle: async (_request, response) => {
          response.writeHead(200);
          response.write('half');
          throw new Error('modern');
        },
      },
    });

    await expect(harness.post(claims[0]![1])).rejects.toThrow('aborted');
  });

  it('is not reached without a caller', async () => {
    const seen: unknown[] = [];
    await harness.restart({
      modern: { handle: (...values) => void seen.push(values) },
    });
    const request = harness.open('POST', {
      'content-type': 'application/json',
    });
    request.removeHeader('x-user');
    request.end(JSON.stringify(claims[0]![1]));
    const status = await new Promise((resolve) =>
      request.on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      }),
    );

    expect([status, seen]).toEqual([401, []]);
  });
});
