import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Injectable, Module, type Type } from '@nestjs/common';
import { AccessContext, Grant, McpContext, McpTool } from 'nestjs-keycard';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
} from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import {
  IsolationClient,
  MODES,
  type Call,
  type Mode,
} from './support/isolation-client.js';
import { ADA } from './support/isolation-tools.js';
import { IsolationWorld } from './support/isolation-world.js';

const BOB = 'usr_bob';
const ID = 'to be cancelled';

/** As `fetch` ends when its signal is aborted. */
const aborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });

/** Two calls of two users wait for the same thing; one of them is cancelled. */
describe.each(ADAPTERS)('a call on %s', (_name, createAdapter) => {
  let api: Server;
  let world: IsolationWorld;
  /** Requests to the API that are open, by the user they are for. */
  const asked = new Map<string, () => void>();
  /** Exchanges under way. */
  const exchanges = new Set<AbortSignal>();
  let zoneAnswers: Promise<void> = Promise.resolve();
  let ran: string[] = [];

  beforeAll(async () => {
    api = createServer((request, response) => {
      const user = String(request.headers['x-user']);
      asked.set(user, () => response.end('"answered"'));
      response.on('close', () => asked.delete(user));
    });
    api.listen(0, '127.0.0.1');
    await once(api, 'listening');
    const { port } = api.address() as AddressInfo;
    const resource = `http://127.0.0.1:${port}/api`;
    world = await IsolationWorld.start(createAdapter(), {
      users: [ADA, BOB],
      api: resource,
      module: createTools(resource),
      cache: false,
      http: { fetch: watchedFetch },
    });
  });
  afterAll(async () => {
    await world.stop();
    api.closeAllConnections();
    api.close();
  });
  beforeEach(() => {
    ran = [];
  });
  afterEach(async () => {
    await world.expectIdle();
    expect(world.logger.text).not.toMatch(/^(error|warn)/m);
  });

  const watchedFetch: typeof fetch = async (input, init) => {
    const isExchange = String(init?.body).includes('token-exchange');
    if (!isExchange || !init?.signal) return fetch(input, init);
    exchanges.add(init.signal);
    try {
      await Promise.race([zoneAnswers, aborted(init.signal)]);
      return await fetch(input, init);
    } finally {
      exchanges.delete(init.signal);
    }
  };

  function createTools(resource: string): Type {
    @Injectable()
    class Tools {
      @McpTool({ description: 'For tests', timeout: 0 })
      @Grant(resource)
      async ask(access: AccessContext, { principal }: McpContext) {
        ran.push(principal.subject);
        const response = await access.fetch(resource, '/', {
          headers: { 'x-user': principal.subject },
        });
        return (await response.json()) as string;
      }
    }
    @Module({ providers: [Tools] })
    class ToolsModule {}
    return ToolsModule;
  }

  const begin = async (mode: Mode) => {
    const ada = await IsolationClient.open(world, ADA, mode);
    const bob = await IsolationClient.open(world, BOB, mode);
    const cancelled = ada.call('ask', {}, ID);
    const other = bob.call('ask', {}, ID);
    return { ada, cancelled, other };
  };

  const endsWithoutAnswer = async (mode: Mode, { answer }: Call) => {
    if (mode !== 'session') return expect(answer).rejects.toThrow();
    return expect((await answer).messages).toEqual([]);
  };

  describe.each(MODES)('(%s)', (mode) => {
    it('takes its request to the API with it, and no other', async () => {
      const { ada, cancelled, other } = await begin(mode);
      await vi.waitFor(() => expect(asked.size).toBe(2), { timeout: 10_000 });
      await ada.cancel(cancelled, ID);
      await vi.waitFor(() => expect([...asked.keys()]).toEqual([BOB]));
      await endsWithoutAnswer(mode, cancelled);
      asked.get(BOB)!();
      const { final } = await other.answer;
      expect(final.result.content[0].text).toBe('answered');
    });

    it('takes its exchange with it, and no other, and never runs', async () => {
      let answer = () => {};
      zoneAnswers = new Promise((resolve) => (answer = resolve));
      const { ada, cancelled, other } = await begin(mode);
      await vi.waitFor(() => expect(exchanges.size).toBe(2));
      await ada.cancel(cancelled, ID);
      await vi.waitFor(() => expect(exchanges.size).toBe(1));
      expect([...exchanges].map(({ aborted }) => aborted)).toEqual([false]);
      await endsWithoutAnswer(mode, cancelled);
      answer();
      await vi.waitFor(() => expect(asked.has(BOB)).toBe(true), {
        timeout: 10_000,
      });
      asked.get(BOB)!();
      await other.answer;
      expect(ran).toEqual([BOB]);
    });
  });

  it('of a session is not cancelled by a stranger who knows its id', async () => {
    const ada = await IsolationClient.open(world, ADA, 'session');
    const bob = await IsolationClient.open(world, BOB, 'session');
    const call = ada.call('ask', {}, ID);
    await vi.waitFor(() => expect(asked.has(ADA)).toBe(true));
    await bob.cancel(call, ID);
    const params = { requestId: ID };
    const method = 'notifications/cancelled';
    const stateless = await IsolationClient.open(world, ADA, 'stateless');
    await stateless.post({ jsonrpc: '2.0', method, params }).answer;
    asked.get(ADA)!();
    expect((await call.answer).final.result.content[0].text).toBe('answered');
  });
});
