import { beforeEach, describe, expect, it } from 'vitest';
import { JSON_HEADERS } from './support/endpoint.harness.js';
import { call, initialize } from './support/messages.js';
import { ping, refusals, type Refusal } from './support/refusals.table.js';
import { useEndpoint } from './support/use-endpoint.js';

describe('refusals', () => {
  const allowedHosts = new Set<string>();
  const harness = useEndpoint({
    allowedHosts,
    isOriginAllowed: (origin) => origin === 'https://good.example',
  });

  beforeEach(() => {
    allowedHosts.clear();
    allowedHosts.add(`127.0.0.1:${harness.port}`);
    allowedHosts.add(`localhost:${harness.port}`);
  });

  function send(row: Pick<Refusal, 'method' | 'headers' | 'body'>) {
    const method = row.method ?? 'POST';
    const { body = ping } = row;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const headers = { ...JSON_HEADERS, ...row.headers };
    return harness.send(method, headers, method === 'POST' ? [text] : []);
  }

  it.each(refusals)('$status: $name', async (row) => {
    const response = await send(row);

    expect(response.status).toBe(row.status);
    expect(response.text).toBe(
      JSON.stringify({ jsonrpc: '2.0', id: row.id ?? null, error: row.error }),
    );
    expect(response.headers['content-type']).toBe('application/json');
    expect(response.headers['mcp-session-id']).toBeUndefined();
    for (const [name, value] of Object.entries(row.answerHeaders ?? {})) {
      expect(response.headers[name]).toBe(value);
    }
  });

  it.each(refusals.filter(({ status }) => status !== 403))(
    'tells a caller without a token nothing about: $name',
    async (row) => {
      const headers = { ...row.headers, 'x-user': undefined };
      const response = await send({ ...row, headers });

      expect(response.status).toBe(401);
      expect(response.headers['www-authenticate']).toBe('Bearer');
      expect(response.text).toBe('{}');
    },
  );

  it.each([
    ['an allowed origin', { origin: 'https://good.example' }],
    ['a host in another case', { host: 'LOCALHOST' }],
    ['any type', { accept: '*/*' }],
    ['types with wildcards', { accept: 'application/*, TEXT/*;q=0.5' }],
    ['a charset', { 'content-type': 'Application/JSON; charset=utf-8' }],
    ['a token that is verified later', { 'x-async': 'resolves' }],
  ])('lets in %s', async (_name, headers: Record<string, string>) => {
    const host = headers['host'] && `${headers['host']}:${harness.port}`;
    const response = await send({
      headers: { ...headers, ...(host && { host }) },
    });

    expect([response.status, response.text]).toEqual([
      200,
      '{"jsonrpc":"2.0","id":7,"result":{}}',
    ]);
  });

  it('answers nothing after the gate refused later', async () => {
    const response = await send({
      headers: { 'x-user': undefined, 'x-async': 'resolves' },
    });

    expect([response.status, response.text]).toEqual([401, '{}']);
  });

  it('leaves the refusal of an operation to the gate, and does not run it', async () => {
    const response = await send({ body: call('forbidden') });

    expect([response.status, response.text]).toEqual([403, '{}']);
    expect(harness.dispatcher.started).not.toContain('forbidden');
  });

  it.each([
    ['at once', { 'x-user': 'broken' }],
    ['later', { 'x-async': 'rejects' }],
  ])(
    'answers 500 without a reason when the gate fails %s',
    async (_name, headers: Record<string, string>) => {
      const response = await send({ headers });

      expect(response.status).toBe(500);
      expect(response.text).toBe(
        '{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"Internal error"}}',
      );
      expect(harness.log).toEqual([
        {
          level: 'error',
          message: 'An MCP request could not be handled',
          cause: new Error('gate out of order'),
        },
      ]);
    },
  );

  it('refuses every origin and takes any host unless told otherwise', async () => {
    await harness.restart({});
    const page = await harness.post(ping, { origin: 'http://localhost' });
    const other = await harness.post(ping, { host: 'anything' });

    expect([page.status, other.status]).toEqual([403, 200]);
  });

  it('asks the rule about hosts that are not listed', async () => {
    const asked: string[] = [];
    await harness.restart({
      isHostAllowed: (host) => {
        asked.push(host);
        return host === 'good.example';
      },
    });
    const good = await harness.post(ping, { host: 'Good.Example' });
    const evil = await harness.post(ping, { host: 'evil.example' });

    expect([good.status, evil.status]).toEqual([200, 403]);
    expect(asked).toEqual(['good.example', 'evil.example']);
  });

  it('answers 503 before it started and after it closed', async () => {
    const { endpoint } = harness;
    harness.endpoint = harness.createEndpoint();
    const before = await harness.post(ping);
    await harness.endpoint.start();
    const running = await harness.post(ping);
    await harness.endpoint.close();
    const after = await harness.post(initialize());
    await endpoint.close();

    expect([before.status, running.status, after.status]).toEqual([
      503, 200, 503,
    ]);
  });

  it('cannot be built without any way in', () => {
    expect(() =>
      harness.createEndpoint({ sessions: false, stateless: false }),
    ).toThrow('without sessions must be stateless');
  });
});
