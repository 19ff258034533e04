import { once } from 'node:events';
import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import {
  IsolationClient,
  MODES,
  type Answer,
} from './support/isolation-client.js';
import { waiting, WaitingCalls } from './support/isolation-tools.js';
import { IsolationWorld } from './support/isolation-world.js';

const USERS = ['usr_ada', 'usr_bob', 'usr_cyd', 'usr_dee'];
/** How a call ends, by the tool that ends so; `wait` is cancelled. */
const TOOLS = [
  'echo',
  'later',
  'chat',
  'refuse',
  'fail',
  'granted',
  'scoped',
  'wait',
];
/** Messages of an answer, where there is more than one. */
const MESSAGES: Record<string, number> = { chat: 4 };

const CLIENTS_PER_USER_AND_MODE = 4;
const CALLS_IN_FLIGHT_PER_CLIENT = 4;
const CALLS_IN_A_ROW = 27;
/** On each of the adapters: more than ten thousand in all. */
const CALLS =
  USERS.length *
  MODES.length *
  CLIENTS_PER_USER_AND_MODE *
  CALLS_IN_FLIGHT_PER_CLIENT *
  CALLS_IN_A_ROW;

const parse = (text: string): object => JSON.parse(text);

/** Every mark in an answer, wherever it is. */
function marksIn({ messages }: Answer): any[] {
  return messages.map(({ method, params, error, result }) => {
    if (method === 'notifications/progress') return parse(params.message);
    if (method === 'notifications/message') return params.data;
    if (error) return error.data;
    return result.structuredContent ?? parse(result.content[0].text);
  });
}

/** Whether a whole answer, and nothing else, is that of one call. */
function isOwn(user: string, name: string, nonce: string, answer: Answer) {
  const { final, messages } = answer;
  const isMarked = ({ subject, nonce: own, owner = user }: any) =>
    subject === user && own === nonce && owner === user;
  return (
    final.id === 1 &&
    messages.length === (MESSAGES[name] ?? 1) &&
    messages.every(
      ({ params }) => (params?.progressToken ?? 'same') === 'same',
    ) &&
    marksIn(answer).every(isMarked)
  );
}

describe.each(ADAPTERS)('clients at once on %s', (_name, createAdapter) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  let world: IsolationWorld;
  let clients: IsolationClient[];
  let answered = 0;
  const crossed: unknown[] = [];

  beforeAll(async () => {
    world = await IsolationWorld.start(createAdapter(), { users: USERS });
    const opened = USERS.flatMap((user) =>
      MODES.flatMap((mode) =>
        Array.from({ length: CLIENTS_PER_USER_AND_MODE }, () =>
          IsolationClient.open(world, user, mode, agent),
        ),
      ),
    );
    clients = await Promise.all(opened);
  });
  afterAll(async () => {
    agent.destroy();
    await world.stop();
  });

  const complete = async (
    client: IsolationClient,
    name: string,
    nonce: string,
  ) => {
    const answer = await client.call(name, { nonce }).answer;
    answered += 1;
    if (isOwn(client.user, name, nonce, answer)) return;
    crossed.push([client.user, client.mode, name, nonce, answer.messages]);
  };

  // Of a session, the only call with its id: all with one id are cancelled.
  const cancel = async (client: IsolationClient, nonce: string, id: string) => {
    const key = WaitingCalls.keyOf({ subject: client.user, nonce });
    const call = client.call('wait', { nonce }, id);
    await once(call.request, 'response');
    await client.cancel(call, id);
    await vi.waitFor(() => expect(waiting.stopped.has(key)).toBe(true), {
      timeout: 10_000,
      interval: 5,
    });
    answered += 1;
    if (client.mode !== 'session') return;
    const { messages } = await call.answer;
    if (messages.length !== 1) crossed.push([key, messages]);
  };

  it(`never see each other's messages`, async () => {
    waiting.stopped.clear();
    const work = clients.flatMap((client, number) =>
      Array.from({ length: CALLS_IN_FLIGHT_PER_CLIENT }, async (_, worker) => {
        // The same for all users: only the token tells them apart.
        const own = `${number % (clients.length / USERS.length)} ${worker}`;
        for (let turn = 0; turn < CALLS_IN_A_ROW; turn += 1) {
          const name = TOOLS[(turn + worker) % TOOLS.length]!;
          const nonce = `${own} ${turn}`;
          if (name !== 'wait') await complete(client, name, nonce);
          else await cancel(client, nonce, `wait ${worker}`);
        }
      }),
    );
    await Promise.all(work);

    expect(crossed).toEqual([]);
    expect(answered).toBe(CALLS);
    expect(waiting.contexts.size).toBe(0);
    await world.expectIdle();
    const { sessions } = world.server.stats();
    expect(sessions).toBe(USERS.length * CLIENTS_PER_USER_AND_MODE);
    expect(world.logger.text).not.toMatch(/^(error|warn)/m);
  }, 300_000);
});
