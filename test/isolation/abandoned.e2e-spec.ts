import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders } from 'node:http';
import type { SessionOptions } from 'nestjs-keycard';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { rawRequest } from '../support/raw-request.js';
import { AskingToolsModule } from './support/asking-tools.js';
import { Connection, head } from './support/connection.js';
import { holdingsOf } from './support/holdings.js';
import {
  INITIALIZE,
  IsolationClient,
  JSON_HEADERS,
} from './support/isolation-client.js';
import { ADA } from './support/isolation-tools.js';
import { IsolationWorld } from './support/isolation-world.js';

const BOB = 'usr_bob';
const LIMITS = {
  idleTimeout: 1_000,
  maxSessions: 50,
  maxSessionsPerCaller: 30,
};
const PATIENCE = { timeout: 10_000 };
const NOTHING = {
  sessions: 0,
  calls: 0,
  serverRequests: 0,
  streams: 0,
  exchanges: 0,
  sdk: 0,
};

/** Sessions that were opened. */
const openedBy = (answers: readonly { headers: IncomingHttpHeaders }[]) =>
  answers.flatMap(({ headers }) => headers['mcp-session-id'] ?? []);

describe.each(ADAPTERS)('what clients abandon on %s', (_name, adapter) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  let world: IsolationWorld;

  const start = async (sessions: SessionOptions) => {
    world = await IsolationWorld.start(adapter(), {
      users: [ADA, BOB],
      module: AskingToolsModule,
      mcp: { sessions },
    });
  };
  const restart = async (sessions: SessionOptions) => {
    await world.stop();
    await start(sessions);
  };
  beforeEach(() => start(LIMITS));
  afterEach(() => world.stop());

  const holdings = () => holdingsOf(world.application);
  const isFree = () =>
    vi.waitFor(() => expect(holdings()).toMatchObject(NOTHING), PATIENCE);

  const initialize = async (user: string) => {
    const { status, headers, text } = await rawRequest(world.url, {
      headers: { ...JSON_HEADERS, ...world.bearer(user) },
      body: JSON.stringify(INITIALIZE),
    });
    return { status, headers, json: JSON.parse(text) };
  };
  const end = (user: string, id: string) =>
    rawRequest(world.url, {
      method: 'DELETE',
      headers: { ...world.bearer(user), 'mcp-session-id': id },
    });
  const initializeOften = async (user: string, times: number) => {
    const opening = Array.from({ length: times }, () => initialize(user));
    return Promise.all(opening);
  };
  const openSessions = (count: number) =>
    Promise.all(
      Array.from({ length: count }, () =>
        IsolationClient.open(world, ADA, 'session', agent),
      ),
    );

  it('sessions are limited by caller and in all, until they end', async () => {
    await restart({ ...LIMITS, idleTimeout: 600_000 });
    const ofAda = await initializeOften(ADA, 100);
    const ofBob = await initializeOften(BOB, 100);
    expect([ofAda, ofBob].map((answers) => openedBy(answers).length)).toEqual([
      30, 20,
    ]);
    expect(holdings().sessions).toBe(50);
    for (const { status, json, headers } of [...ofAda, ...ofBob]) {
      if (status === 200) continue;
      const retry = headers['retry-after'];
      expect([status, json.id, retry]).toEqual([503, 1, '30']);
    }
    await Promise.all(openedBy(ofAda).map((id) => end(ADA, id)));
    expect(holdings().sessions).toBe(20);
    expect(openedBy(await initializeOften(BOB, 100))).toHaveLength(10);
    expect(openedBy(await initializeOften(ADA, 100))).toHaveLength(20);
  });

  it('sessions that nobody ends are ended, and make room for others', async () => {
    for (let round = 0; round < 2; round += 1) {
      const opened = openedBy(await initializeOften(ADA, 20));
      expect(opened).toHaveLength(20);
      await isFree();
    }
  });

  it('streams whose connection is cut are closed, and their sessions freed', async () => {
    const clients = await openSessions(20);
    const connections = await Promise.all(
      clients.map(async ({ headers }) => {
        const connection = await Connection.open(world.url);
        await connection.write(head(world.url, 'GET', headers));
        await once(connection.socket, 'data');
        return connection;
      }),
    );
    expect(holdings().streams).toBe(20);
    for (const { socket } of connections) socket.resetAndDestroy();
    await isFree();
  });

  it('bodies that never end are forgotten with their connection', async () => {
    const connections = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const connection = await Connection.open(world.url);
        const headers = { ...JSON_HEADERS, ...world.bearer() };
        const start = head(world.url, 'POST', {
          ...headers,
          'content-length': 1_000_000,
        });
        await connection.write(start, '{"jsonrpc":"2.0","id":1,"params":"');
        return connection;
      }),
    );
    for (const { socket } of connections) socket.resetAndDestroy();
    expect((await initialize(ADA)).status).toBe(200);
    await isFree();
  });

  it('questions are withdrawn with the connection they went over', async () => {
    const clients = await openSessions(20);
    const calls = await Promise.all(
      clients.map(async (client) => {
        const call = client.call('ask', {});
        call.answer.catch(() => {});
        await once(call.request, 'response');
        return call;
      }),
    );
    await vi.waitFor(() =>
      expect(holdings()).toMatchObject({ calls: 20, serverRequests: 20 }),
    );
    expect(holdings().sdk).toBeGreaterThan(0);
    for (const { request } of calls) request.socket!.resetAndDestroy();
    await isFree();
  });
});
