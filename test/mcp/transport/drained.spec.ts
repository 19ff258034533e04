import { once } from 'node:events';
import {
  createServer,
  get,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drained, endAndDrain } from '../../../lib/mcp/transport/drained.js';
import { textOf } from './support/endpoint.harness.js';

/** More than the buffers of a connection take. */
const MUCH = 'x'.repeat(20_000_000);
const MINUTE = 60_000;

describe('a client that reads slowly', () => {
  let server: Server;

  beforeEach(async () => {
    server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Both ends of a request, whose client has not begun to read. */
  const open = async (): Promise<[ServerResponse, IncomingMessage]> => {
    const { port } = server.address() as AddressInfo;
    const asked = once(server, 'request');
    const sent = get({ port, host: '127.0.0.1' });
    const [, response] = (await asked) as [unknown, ServerResponse];
    response.flushHeaders();
    const [received] = (await once(sent, 'response')) as [IncomingMessage];
    received.on('error', () => {});
    return [response, received];
  };

  it('is waited for, once for all', async () => {
    const [response, received] = await open();
    response.write(MUCH);
    const waits = Array.from({ length: 20 }, () => drained(response));
    expect(response.listenerCount('drain')).toBe(1);
    expect(response.listenerCount('close')).toBe(1);
    received.resume();
    await Promise.all(waits);
    expect(response.listenerCount('drain')).toBe(0);
    expect(response.writableLength).toBe(0);
  });

  it('is given up when it takes nothing', async () => {
    const [response] = await open();
    response.write(MUCH);
    await drained(response, 50);
    expect(response.destroyed).toBe(true);
  });

  it('may take longer than that, as long as it takes something', async () => {
    const [response, received] = await open();
    const reading = setInterval(() => received.read(500_000), 10);
    response.end(MUCH);
    await drained(response, 150);
    clearInterval(reading);
    expect(response.writableFinished).toBe(true);
  });

  it('is watched until it has taken the answer, and no longer', async () => {
    const [response, received] = await open();
    const { socket } = response;
    endAndDrain(response, MUCH);
    expect(socket!.timeout).toBe(MINUTE);
    expect((await textOf(received)).length).toBe(MUCH.length);
    expect(socket!.timeout).not.toBe(MINUTE);
    expect(socket!.listenerCount('timeout')).toBe(1);
  });

  it('is not watched when it has taken the answer at once', async () => {
    const [response] = await open();
    const { socket } = response;
    const before = socket!.timeout;
    endAndDrain(response, 'short');
    expect([before, socket!.timeout]).toEqual([before, before]);
  });

  it('is not waited for when it is gone', async () => {
    const [response, received] = await open();
    received.destroy();
    await once(response, 'close');
    await drained(response);
    expect(response.listenerCount('drain')).toBe(0);
  });
});
