import { describe, expect, it } from 'vitest';
import { json, call, textOfResult } from './support/messages.js';
import { useEndpoint } from './support/use-endpoint.js';

describe('stateless calls', () => {
  const harness = useEndpoint();

  it.each([
    ['an error on purpose', 'unknown', -32602, 'Unknown tool', 0],
    ['an exception', 'boom', -32603, 'Internal error', 1],
    ['a thrown null', 'throwsNull', -32603, 'Internal error', 1],
    ['a thrown undefined', 'throwsUndefined', -32603, 'Internal error', 1],
    ['a BigInt in the result', 'bigint', -32603, 'Internal error', 1],
    ['a cycle in the result', 'cycle', -32603, 'Internal error', 1],
    ['a function as result', 'functionResult', -32603, 'Internal error', 1],
  ])('answer %s with an error', async (_name, tool, code, message, logged) => {
    const response = await harness.post(call(tool, {}, 3));
    const data = code === -32602 ? { data: { name: tool } } : {};

    expect(response.status).toBe(200);
    expect(json(response)).toEqual({
      jsonrpc: '2.0',
      id: 3,
      error: { code, message, ...data },
    });
    expect(harness.log).toHaveLength(logged);
  });

  it('tell the cause of an exception to the log alone', async () => {
    const response = await harness.post(call('boom'));

    expect(response.text).not.toContain('secret detail');
    expect(harness.log).toEqual([
      {
        level: 'error',
        message: 'The MCP method tools/call failed',
        cause: new TypeError('secret detail'),
      },
    ]);
  });

  it('answer no result with an empty one', async () => {
    expect(json(await harness.post(call('nothing'))).result).toEqual({});
  });

  it('survive a notification that cannot be written', async () => {
    const response = await harness.post(call('unwritable'));

    expect(textOfResult(json(response))).toBe('survived');
    expect(harness.log.map(({ level }) => level)).toEqual(['warn']);
  });

  it.each([
    ['nope', {}, -32601, 'Method not found'],
    ['tasks/get', { taskId: 'x' }, -32601, 'Method not found'],
    ['ping', { _meta: { progressToken: {} } }, -32602, 'Invalid params'],
    ['logging/setLevel', { level: 'loud' }, -32602, 'Invalid params'],
    ['initialize', {}, -32602, 'Invalid params'],
  ])('answer %s %j with an error', async (method, params, code, message) => {
    const body = { jsonrpc: '2.0', id: 9, method, params };
    const response = await harness.post(body);

    expect([response.status, json(response)]).toEqual([
      200,
      { jsonrpc: '2.0', id: 9, error: { code, message } },
    ]);
    expect(response.headers['mcp-session-id']).toBeUndefined();
  });
});
