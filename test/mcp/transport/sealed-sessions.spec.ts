import { afterEach, describe, expect, it, vi } from 'vitest';
import { Principal } from '../../../lib/verification/principal.js';
import type { SharedStore } from '../../../lib/replicas/shared-store.interface.js';
import {
  EndpointHarness,
  RESUMABLE_SESSIONS,
} from './support/endpoint.harness.js';
import { call, initialize, json, textOfResult } from './support/messages.js';

const SECRET = 'a-secret-of-more-than-32-characters';
const OTHER = 'one-more-secret-of-over-32-characters';
const LIFETIME = 3_600_000;
const ASKING = { elicitation: { form: {} } };

/** What Keyv is, in one process. */
class SharedMap implements SharedStore {
  readonly entries = new Map<string, string>();
  isDown = false;

  async get(key: string) {
    if (this.isDown) throw new Error('down');
    return this.entries.get(key);
  }

  async set(key: string, value: string) {
    if (this.isDown) throw new Error('down');
    this.entries.set(key, value);
  }

  async delete(key: string) {
    this.entries.delete(key);
  }
}

describe('a session on several replicas', () => {
  const replicas: EndpointHarness[] = [];

  async function replica(
    sharing: object = {},
    limits: object = {},
  ): Promise<EndpointHarness> {
    const harness = new EndpointHarness();
    await harness.start({
      sessions: {
        ...RESUMABLE_SESSIONS,
        ...limits,
        sharing: { secret: SECRET, lifetime: LIFETIME, ...sharing },
      },
    });
    replicas.push(harness);
    return harness;
  }

  const pair = async () => [await replica(), await replica()] as const;

  afterEach(async () => {
    vi.useRealTimers();
    for (const harness of replicas.splice(0)) {
      await harness.endpoint.close();
      await vi.waitFor(() =>
        expect(harness.endpoint.stats()).toMatchObject({
          sessions: 0,
          calls: 0,
          serverRequests: 0,
          streams: 0,
        }),
      );
      await harness.stop();
    }
  });

  const statusesAt = async (
    harness: EndpointHarness,
    headers: Record<string, string>,
  ) => [
    (await harness.post(call('echo'), headers)).status,
    (await harness.stream(headers)).statusCode,
    (await harness.send('DELETE', headers)).status,
  ];

  it('is known everywhere, with what its client said', async () => {
    const [first, second] = await pair();
    const session = await first.session('alice', ASKING);
    const answers = [
      await first.post(call('whoami'), session),
      await second.post(call('whoami'), session),
    ].map((answer) => json(answer).result.structuredContent);
    const { host: _here, ...at } = answers[0];
    const { host: _there, ...elsewhere } = answers[1];

    expect(elsewhere).toEqual(at);
    expect(elsewhere).toMatchObject({
      sessionId: session['mcp-session-id'],
      client: 'wire',
      capabilities: ASKING,
    });
    expect(second.endpoint.stats().sessions).toBe(1);
  });

  it('has an id that is visible, not long, and says nothing', async () => {
    const harness = await replica();
    const large = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`x${index}`, { index }]),
    );
    const ids = [];
    for (const params of [
      {},
      {
        capabilities: { ...ASKING, experimental: large },
        clientInfo: { name: 'ö'.repeat(5000), version: '\u0000'.repeat(5000) },
      },
    ]) {
      const session = await harness.session('alice', ASKING, params);
      ids.push(session['mcp-session-id']!);
    }

    expect(ids[0]!.length).toBeLessThan(700);
    expect(ids[1]!.length).toBeLessThan(3000);
    for (const id of ids) {
      expect(id).toMatch(/^[\x21-\x7e]+$/);
      expect(Buffer.from(id, 'base64url').toString('latin1')).not.toContain(
        'alice',
      );
    }
  });

  it('keeps what the server can ask for of a client that said too much', async () => {
    const [first, second] = await pair();
    const experimental = { x: { text: 'x'.repeat(5000) } };
    const session = await first.session('alice', { ...ASKING, experimental });
    const answer = await second.post(call('whoami'), session);

    expect(json(answer).result.structuredContent.capabilities).toEqual(ASKING);
  });

  it('has the revision that was agreed on', async () => {
    const [first, second] = await pair();
    const batch = [call('echo', { message: 'x' })];
    const statuses = [];
    for (const protocolVersion of ['2025-03-26', '2025-06-18', '1999-01-01']) {
      const session = await first.session('alice', {}, { protocolVersion });
      statuses.push((await second.post(batch, session)).status);
    }

    expect(statuses).toEqual([200, 400, 400]);
  });

  it('can be asked, wherever the call is', async () => {
    const [first, second] = await pair();
    const session = await first.session('alice', ASKING);
    const reader = await (await second.streamed(call('ask'), session)).until(1);
    const [{ id }] = reader.messages;
    const result = { action: 'accept', content: {} };
    await second.post({ jsonrpc: '2.0', id, result }, session);
    await reader.end();

    expect(textOfResult(reader.messages[1])).toBe('accept');
  });

  it('takes no answer to a question of another replica for its own', async () => {
    const [first, second] = await pair();
    const session = await first.session('alice', ASKING);
    const [here, there] = await Promise.all(
      [first, second].map(async (harness) =>
        (await harness.streamed(call('ask'), session)).until(1),
      ),
    );
    const answer = (reader: typeof here, action: string) => ({
      jsonrpc: '2.0',
      id: reader!.messages[0].id,
      result: { action },
    });
    // The first question of either.
    await second.post(answer(here, 'accept'), session);
    expect(second.endpoint.stats().serverRequests).toBe(1);
    await second.post(answer(there, 'decline'), session);
    await first.post(answer(here, 'cancel'), session);
    await Promise.all([here!.end(), there!.end()]);

    expect(
      [here, there].map((reader) => textOfResult(reader!.messages[1])),
    ).toEqual(['cancel', 'decline']);
  });

  it('withdraws a question under the name it has for the client', async () => {
    const first = await replica();
    const session = await first.session('alice', ASKING);
    const asking = call('askBriefly', { tag: 'b' });
    const reader = await (await first.streamed(asking, session)).until(2);
    const [question, withdrawal] = reader.messages;
    first.dispatcher.release('b');
    await reader.end();

    expect(withdrawal).toMatchObject({
      method: 'notifications/cancelled',
      params: { requestId: question.id },
    });
  });

  it('is taken over once, by requests that come at once', async () => {
    const [first, second] = await pair();
    const session = await first.session();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => second.post(call('later'), session)),
    );

    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(second.endpoint.stats().sessions).toBe(1);
  });

  it('is initialized once, on any of them', async () => {
    const [first, second] = await pair();
    const session = await first.session();
    const again = await second.post(initialize(), session);

    expect([again.status, json(again).error.message]).toEqual([
      400,
      'The session is already initialized',
    ]);
  });

  it('opens its stream, and ends, on any of them', async () => {
    const [first, second] = await pair();
    const session = await first.session();
    const stream = await second.stream(session);
    stream.destroy();
    const end = await second.send('DELETE', session);
    const after = await second.post(call('echo'), session);

    expect([stream.statusCode, end.status, after.status]).toEqual([
      200, 200, 404,
    ]);
  });

  it.each<[string, (id: string) => string]>([
    ['changed at its end', (id) => `${id.slice(0, -2)}AA`],
    ['changed at its beginning', (id) => `f${id.slice(1)}`],
    ['longer', (id) => `${id}A`],
    ['padded', (id) => `${id}=`],
    ['shorter', (id) => id.slice(0, -10)],
    ['endless', (id) => id + 'A'.repeat(5000)],
    ['random', () => crypto.randomUUID()],
    ['empty', () => ''],
  ])('is not found by an id that is %s', async (_case, change) => {
    const [first, second] = await pair();
    const session = await first.session();
    const id = change(session['mcp-session-id']!);
    const headers = { ...session, 'mcp-session-id': id };

    for (const harness of [first, second]) {
      expect(await statusesAt(harness, headers)).toEqual([404, 404, 404]);
    }
    expect(second.endpoint.stats().sessions).toBe(0);
  });

  it('is not found by others, and they learn nothing', async () => {
    const [first, second] = await pair();
    const session = await first.session();
    const foreign = { ...session, 'x-user': 'mallory' };
    const unknown = { ...foreign, 'mcp-session-id': 'unknown' };

    for (const harness of [first, second]) {
      expect(await statusesAt(harness, foreign)).toEqual([404, 404, 404]);
      expect((await harness.post(call('echo'), foreign)).text).toBe(
        (await harness.post(call('echo'), unknown)).text,
      );
    }
    expect((await second.post(call('echo'), session)).status).toBe(200);
    expect(await statusesAt(second, foreign)).toEqual([404, 404, 404]);
  });

  it('is not found for another resource', async () => {
    const [first, second] = await pair();
    const session = await first.session();
    vi.spyOn(second.gate, 'authenticate').mockImplementation(() => ({
      identity: 'alice',
      principal: new Principal(
        {
          issuer: 'https://zone.example',
          subject: 'alice',
          clientId: 'client',
          scopes: [],
          audience: [],
          expiresAt: Date.now() / 1000 + 60,
          resource: 'https://mcp.example/other',
          claims: {},
        },
        'token',
      ),
    }));

    expect((await second.post(call('echo'), session)).status).toBe(404);
  });

  it('is not found where the secret is another one', async () => {
    const first = await replica();
    const stranger = await replica({ secret: OTHER });
    const next = await replica({ secret: [OTHER, SECRET] });
    const session = await first.session();

    expect((await stranger.post(call('echo'), session)).status).toBe(404);
    expect((await next.post(call('echo'), session)).status).toBe(200);
  });

  it('counts as one of its caller, wherever it is', async () => {
    const first = await replica();
    const full = await replica({}, { maxSessionsPerCaller: 1 });
    const session = await first.session();
    const other = await full.session();
    const refused = await full.post(call('echo'), session);
    await full.send('DELETE', other);
    const served = await full.post(call('echo'), session);

    expect([refused.status, refused.headers['retry-after']]).toEqual([
      503,
      '30',
    ]);
    expect(json(refused)).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: {
        code: -32000,
        message: 'Too many sessions: end one with DELETE, or try again later',
      },
    });
    expect(served.status).toBe(200);
  });

  it('lives no longer than it may, however busy', async () => {
    const [first, second] = await pair();
    const session = await first.session();
    const untouched = await replica();
    const now = Date.now() + LIFETIME;
    const statuses = [];
    for (const time of [now - 1000, now + 1000]) {
      vi.useFakeTimers({ toFake: ['Date'], now: time });
      const headers = { ...session, 'x-expires': String(now / 1000 + 60) };
      for (const harness of [first, second]) {
        statuses.push((await harness.post(call('echo'), headers)).status);
      }
    }
    const late = await untouched.post(call('echo'), session);

    // Idle on the first by then, which means nothing while it is genuine.
    expect(statuses).toEqual([200, 200, 404, 404]);
    expect(late.status).toBe(404);
    expect(first.endpoint.stats().sessions).toBe(0);
  });

  it('does not come back where it was ended', async () => {
    const [first, second] = await pair();
    const session = await first.session();
    await second.post(call('echo'), session);
    await first.send('DELETE', session);

    expect(await statusesAt(first, session)).toEqual([404, 404, 404]);
    // Nobody told the other one.
    expect((await second.post(call('echo'), session)).status).toBe(200);
  });

  it('does not come back anywhere, with a store to tell', async () => {
    const store = new SharedMap();
    const first = await replica({ store });
    const second = await replica({ store });
    const third = await replica({ store });
    const session = await first.session();
    await third.post(call('echo'), session);
    await first.send('DELETE', session);
    expect((await second.post(call('echo'), session)).status).toBe(404);
    expect([...store.entries]).toEqual([
      [expect.stringMatching(/^nestjs-keycard:ended-session:/), 'ended'],
    ]);
    // Who has it already looks now and then.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
    await third.post(call('echo'), session);
    await vi.waitFor(() => expect(third.endpoint.stats().sessions).toBe(0));

    expect((await third.post(call('echo'), session)).status).toBe(404);
  });

  it('is found while the store is down, and that is said once', async () => {
    const store = new SharedMap();
    const [first, second] = [
      await replica({ store }),
      await replica({ store }),
    ];
    store.isDown = true;
    const sessions = [await first.session(), await first.session()];
    for (const session of sessions) {
      expect((await second.post(call('echo'), session)).status).toBe(200);
    }

    expect(second.log.map(({ level }) => level)).toEqual(['warn']);
    expect(JSON.stringify(second.log)).not.toContain('down');
  });

  it('goes on with streams that a shared store keeps', async () => {
    const events = new Map<string, any[]>();
    const resumption = {
      primeInterval: 60_000,
      store: {
        append: ({ stream }: any, event: any) => {
          events.set(stream, [...(events.get(stream) ?? []), event]);
        },
        readAfter: async ({ stream }: any, sequence: number) =>
          events.get(stream)?.filter((event) => event.sequence > sequence),
        forget: () => events.clear(),
      },
    };
    const first = await replica({}, { resumption });
    const second = await replica({}, { resumption });
    const session = await first.session();
    const streamed = first.streamed(call('hang', { tag: 'a' }), session);
    const context = await first.dispatcher.running('a');
    await context.log('info', 0);
    const broken = await (await streamed).until(1);
    broken.response.destroy();
    const listening = await first.resume(session);
    await vi.waitFor(() => expect(listening.events).toHaveLength(1));
    await context.log('info', 1);
    // What another replica runs is polled for.
    const poll = await (await second.resume(session, broken.lastId)).end();
    const nothing = await (await second.resume(session, poll.lastId)).end();
    first.dispatcher.release('a');
    await vi.waitFor(() => expect(first.endpoint.stats().calls).toBe(0));
    const rest = await (await second.resume(session, poll.lastId)).end();
    // Who listens is told by the replica that is there.
    first.endpoint.broadcast({
      method: 'notifications/message',
      params: { data: 'from the first' },
    });
    await first.endpoint.close();
    await listening.end();
    const moved = await second.resume(session, listening.lastId);
    await vi.waitFor(() => expect(second.endpoint.stats().streams).toBe(1));
    second.endpoint.broadcast({
      method: 'notifications/message',
      params: { data: 'from the second' },
    });
    await vi.waitFor(() => expect(moved.told).toContain('from the second'));
    moved.response.destroy();

    expect([poll.told, nothing.told, rest.told]).toEqual([[1], [], ['answer']]);
    expect([...listening.told, ...moved.told]).toEqual([
      'from the first',
      'from the second',
    ]);
  });

  it('is asked for who it is with every request', async () => {
    const [first, second] = await pair();
    const session = await first.session();
    const { 'x-user': _user, ...anonymous } = session;
    const nobody = { ...anonymous, 'x-user': undefined } as never;

    for (const harness of [first, second]) {
      expect(await statusesAt(harness, nobody)).toEqual([401, 401, 401]);
    }
  });

  it('leaves nothing behind, after many that came and went', async () => {
    const [first, second] = await pair();
    for (let index = 0; index < 100; index += 1) {
      const session = await first.session(`u${index % 20}`, ASKING);
      await second.post(call('logs', { tag: 't' }), session);
      await second.send('DELETE', session);
      await first.send('DELETE', session);
    }

    for (const harness of [first, second]) {
      expect(harness.endpoint.stats()).toEqual({
        sessions: 0,
        calls: 0,
        serverRequests: 0,
        streams: 0,
        resumableStreams: 0,
        storedEvents: 0,
      });
    }
  });
});
