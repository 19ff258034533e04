import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request, type ClientRequest } from 'node:http';
import { fileURLToPath } from 'node:url';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { findFreePort } from '../support/free-port.js';
import { bearer, post, toolCall } from '../support/post.js';
import { CALENDAR } from './support/asking-tools.js';
import type { Holdings } from './support/holdings.js';
import { INITIALIZE, JSON_HEADERS } from './support/isolation-client.js';

const SCRIPT = fileURLToPath(
  new URL('./support/server.process.mjs', import.meta.url),
);
const CREDENTIAL = { clientId: 'assistant', clientSecret: 'secret-value' };
const MAX_TOKENS = 20;

const WARM_UP = 2;
const ROUNDS = 5;
/** In each round: ten thousand in all. */
const SESSIONS = 2_000;
const CUT_STREAMS = 100;
const CUT_QUESTIONS = 100;
const CUT_BODIES = 100;
const TOKENS = 30;
const CALLS = 3_000;
/** Bytes of a call: it makes some ten thousand. */
const SURVIVING = 1_000;
/** Bytes a round may add: a tenth of what its sessions would take. */
const TOLERANCE = 2_000_000;

interface Report extends Holdings {
  readonly heap: number;
}

let zone: LocalZone;
let server: ChildProcess;
let url: string;
let token: string;
const agent = new Agent({ keepAlive: true, maxSockets: 16 });

beforeAll(async () => {
  const port = await findFreePort();
  url = `http://localhost:${port}/mcp`;
  zone = await LocalZone.create()
    .user({ id: 'usr_ada' })
    .resource(url, { scopes: ['mcp:tools'], ownedBy: 'assistant' })
    .resource(CALENDAR, { scopes: ['events'], userConnected: true })
    .application('assistant', { clients: [CREDENTIAL], dependsOn: [CALENDAR] })
    .grant({ user: 'usr_ada', application: 'assistant', resource: CALENDAR })
    .start({ acceptMinted: true });
  token = (await zone.login('usr_ada')).accessToken;
  const settings = {
    port,
    credential: CREDENTIAL,
    zoneUrl: zone.issuer,
    resourceUrl: url,
    tokens: { cache: { maxTokens: MAX_TOKENS } },
    cache: { maxTokens: MAX_TOKENS },
    mcp: {
      sessions: {
        idleTimeout: 500,
        maxSessions: SESSIONS * 2,
        maxSessionsPerCaller: SESSIONS * 2,
      },
    },
  };
  server = fork(SCRIPT, [JSON.stringify(settings)], {
    execArgv: ['--expose-gc'],
  });
  expect(await nextMessage()).toBe('ready');
}, 60_000);

afterAll(async () => {
  server.kill();
  agent.destroy();
  await zone.stop();
});

async function nextMessage(): Promise<unknown> {
  const watch = new AbortController();
  const { signal } = watch;
  const ended = once(server, 'exit', { signal }).then(() => {
    throw new Error('the server ended');
  });
  const [message] = (await Promise.race([
    once(server, 'message', { signal }),
    ended,
  ])) as unknown[];
  ended.catch(() => {});
  watch.abort();
  return message;
}

async function ask<Answer>(question: 'report' | 'survivors') {
  const answer = nextMessage();
  server.send(question);
  return (await answer) as Answer;
}

const headersOf = (session?: string) => ({
  ...JSON_HEADERS,
  ...bearer(token),
  ...(session !== undefined && { 'mcp-session-id': session }),
});

function open(
  method: string,
  headers: Record<string, string | number>,
  body?: string,
): ClientRequest {
  const sent = request(url, { method, headers, agent });
  sent.on('error', () => {});
  if (body === undefined) sent.end();
  else sent.end(body);
  return sent;
}

async function initialize(): Promise<string> {
  const sent = open('POST', headersOf(), JSON.stringify(INITIALIZE));
  const [response] = await once(sent, 'response');
  response.resume();
  await once(response, 'end');
  expect(response.statusCode).toBe(200);
  return response.headers['mcp-session-id'];
}

/** Cuts the connection of a request as soon as its answer begins. */
async function cut(sent: ClientRequest): Promise<void> {
  await once(sent, 'response');
  sent.socket!.resetAndDestroy();
}

async function cutBody(): Promise<void> {
  const headers = { ...headersOf(), 'content-length': 100_000 };
  const sent = request(url, { method: 'POST', headers, agent: false });
  sent.on('error', () => {});
  await new Promise<void>((resolve) =>
    sent.write('x'.repeat(10_000), () => resolve()),
  );
  sent.socket!.resetAndDestroy();
}

/** So many at a time, whatever it is. */
async function repeat(times: number, work: () => Promise<unknown>) {
  let left = times;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

async function abandonAll(): Promise<void> {
  await repeat(SESSIONS - CUT_STREAMS - CUT_QUESTIONS, initialize);
  await repeat(CUT_STREAMS, async () => {
    await cut(open('GET', headersOf(await initialize())));
  });
  await repeat(CUT_QUESTIONS, async () => {
    const headers = headersOf(await initialize());
    await cut(open('POST', headers, JSON.stringify(toolCall('ask'))));
  });
  await repeat(CUT_BODIES, cutBody);
  await repeat(TOKENS, async () => {
    const claims = { sub: 'usr_ada', aud: url, scope: 'mcp:tools' };
    const other = bearer(await zone.mint(claims));
    const answer = await post(url, toolCall('granted'), other);
    expect(answer.json.result.content[0].text).toBe('success');
  });
}

it('calls leave nothing to a full garbage collection', async () => {
  const call = async () => {
    const answer = await post(url, toolCall('granted'), bearer(token));
    expect(answer.json.result.content[0].text).toBe('success');
  };
  // What is compiled for a hot path stays, too.
  await repeat(2_000, call);
  await ask<Report>('report');
  const before = await ask<number>('survivors');
  await repeat(CALLS, call);
  const grown = (await ask<number>('survivors')) - before;
  expect(grown / CALLS).toBeLessThan(SURVIVING);
}, 60_000);

it('ten thousand abandoned sessions leave memory flat', async () => {
  const heaps: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await abandonAll();
    const { heap, ...holdings } = await vi.waitFor(
      async () => {
        const current = await ask<Report>('report');
        expect(current).toMatchObject({
          sessions: 0,
          calls: 0,
          serverRequests: 0,
          streams: 0,
          exchanges: 0,
          sdk: 0,
        });
        return current;
      },
      { timeout: 20_000, interval: 200 },
    );
    expect(holdings.verifiedTokens).toBeLessThanOrEqual(MAX_TOKENS);
    expect(holdings.exchangedTokens).toBeLessThanOrEqual(MAX_TOKENS);
    heaps.push(heap);
  }
  const [first, ...later] = heaps.slice(WARM_UP);
  const growth = (later.at(-1)! - first!) / later.length;
  expect(growth, `heaps: ${heaps.join(', ')}`).toBeLessThan(TOLERANCE);
}, 300_000);
