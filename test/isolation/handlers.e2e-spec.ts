import { Injectable, Module } from '@nestjs/common';
import { JsonRpcError, McpContext, McpTool } from 'nestjs-keycard';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ADAPTERS } from '../support/adapters.js';
import { IsolationClient, MODES } from './support/isolation-client.js';
import { ADA } from './support/isolation-tools.js';
import { IsolationWorld } from './support/isolation-world.js';

const SECRET = 'pw-of-the-database';
const LARGE = 'x'.repeat(50_000_000);

const cycle: Record<string, unknown> = { SECRET };
cycle['self'] = cycle;

/** Throws whenever it is looked at: itself, so that no error takes its place. */
const unreadable = () => {
  const error = new Error(SECRET);
  const get = () => {
    throw error;
  };
  return Object.defineProperties(error, { stack: { get }, message: { get } });
};
const closed: object = new Proxy(
  {},
  {
    get: () => {
      throw closed;
    },
    getPrototypeOf: () => {
      throw closed;
    },
  },
);
const throwing = (value: unknown) => () => {
  throw value;
};
const fails = () => {
  throw new Error(SECRET);
};
const deep = () => {
  let value: object = {};
  for (let depth = 0; depth < 100_000; depth += 1) value = { value };
  return value;
};

/** Says one thing when it is asked first, and fails afterwards. */
const fickle = () => {
  let asked = 0;
  return { toJSON: () => (asked++ === 0 ? 'once' : fails()) };
};
const untilStopped = ({ signal }: McpContext) =>
  new Promise((resolve) => signal.addEventListener('abort', resolve));

let late: Promise<unknown> = Promise.resolve();

type Handler = (context: McpContext) => unknown;

/** What no handler should do, and the caller is told to have failed. */
const FAULTS: Record<string, Handler> = {
  'throws null': throwing(null),
  'throws undefined': throwing(undefined),
  'throws a text': throwing(SECRET),
  'throws a symbol': throwing(Symbol(SECRET)),
  'throws a cycle': throwing(cycle),
  'throws an error that cannot be read': throwing(unreadable()),
  'rejects with an error that cannot be read': async () =>
    Promise.reject(unreadable()),
  'throws a proxy that cannot be read': throwing(closed),
  'throws an error with data that cannot be written': throwing(
    new JsonRpcError(-32050, 'x', { toJSON: throwing(unreadable()) }),
  ),
  'throws what has no name': throwing(
    Object.defineProperty({}, Symbol.toStringTag, { get: fails }),
  ),
  'returns a bigint': () => 1n,
  'returns a cycle': () => cycle,
  'returns a function': () => fails,
  'returns a symbol': () => Symbol(SECRET),
  'returns a getter that throws': () =>
    Object.defineProperty({}, 'a', { get: fails, enumerable: true }),
  'returns a promise of a getter': () =>
    Object.defineProperty({}, 'then', { get: fails }),
  'returns a proxy that cannot be read': () => closed,
  'returns what cannot be written': () => ({ toJSON: throwing(unreadable()) }),
  'returns content that cannot be written': () => ({
    content: [{ type: 'text', text: 'x', _meta: { toJSON: fails } }],
  }),
  'returns content that fails in its own way': () => ({
    content: [
      { type: 'text', text: 'x', _meta: { toJSON: throwing(unreadable()) } },
    ],
  }),
  'returns what is too deep': deep,
  'never ends': () => new Promise(() => {}),
  'fails after its time': (context) => {
    late = untilStopped(context).then(fails);
    return late;
  },
};

/** What no handler should send; the call is answered nevertheless. */
const CHATTER: Record<string, Handler> = {
  'notifications that nobody waits for': (context) => {
    void context.progress(1);
    void context.log('error', 'x');
    void context.progress(2);
  },
  'notifications after its answer': (context) => {
    late = new Promise((resolve) => setImmediate(resolve)).then(async () => {
      await context.progress(1);
      await context.log('error', 'too late');
      await context.notify('notifications/message', { level: 'error' });
    });
  },
  'a value without a JSON form': (context) => {
    void context.log('error', 1n);
    void context.log('error', cycle);
    void context.log('error', unreadable());
    void context.notify('notifications/message', closed as never);
  },
  'a value that changes its mind': (context) => {
    void context.log('error', fickle());
  },
  nonsense: (context) => {
    void context.progress('much' as never);
    void context.progress(Number.NaN);
    void context.log('loud' as never, 'x');
    void context.notify('notifications/message', null as never);
  },
  'more and more progress': (context) => {
    for (let step = 1; step < 10_000; step += 1) void context.progress(step);
  },
};

const Kind = z.object({ kind: z.string() });

@Injectable()
class Misbehaving {
  @McpTool({ description: 'For tests', input: Kind, timeout: 300 })
  fault({ kind }: z.infer<typeof Kind>, context: McpContext) {
    return FAULTS[kind]!(context);
  }

  @McpTool({ description: 'For tests', input: Kind })
  async chat({ kind }: z.infer<typeof Kind>, context: McpContext) {
    await CHATTER[kind]!(context);
    return 'answered';
  }

  @McpTool({ description: 'For tests' })
  large() {
    return LARGE;
  }
}

@Module({ providers: [Misbehaving] })
class MisbehavingModule {}

describe.each(ADAPTERS)('a handler on %s', (_name, createAdapter) => {
  const unhandled: unknown[] = [];
  const note = () => unhandled.push('a rejection');
  let world: IsolationWorld;

  beforeAll(async () => {
    process.on('unhandledRejection', note);
    world = await IsolationWorld.start(createAdapter(), {
      module: MisbehavingModule,
    });
  });
  afterAll(async () => {
    await world.stop();
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
  beforeEach(() => {
    late = Promise.resolve();
  });

  describe.each(MODES)('(%s)', (mode) => {
    let client: IsolationClient;

    beforeAll(async () => {
      client = await IsolationClient.open(world, ADA, mode);
    });

    it.each(Object.keys(FAULTS))('that %s is answered', async (kind) => {
      const { status, final } = await client.call('fault', { kind }, 'a')
        .answer;
      await late.catch(() => {});
      expect(final.id ?? null).toBe('a');
      expect(final.result?.isError ?? final.error?.code === -32603).toBe(true);
      // Not even by accident: of the answer of the package, none is left.
      expect(JSON.stringify(final)).not.toContain(SECRET);
      expect(status).toBeLessThanOrEqual(500);
      await world.expectIdle();
    });

    it.each(Object.keys(CHATTER))('may send %s', async (kind) => {
      const { messages, final } = await client.call('chat', { kind }).answer;
      await late;
      expect(final.result.content[0].text).toBe('answered');
      expect(JSON.stringify(messages)).not.toContain('too late');
      expect(messages.every(({ jsonrpc }) => jsonrpc === '2.0')).toBe(true);
      await world.expectIdle();
    });

    it('may return 50 MB', async () => {
      const { final } = await client.call('large', {}).answer;
      expect(final.result.content[0].text.length).toBe(LARGE.length);
      await world.expectIdle();
    });
  });

  it('is not blamed in the log for failing after its time', async () => {
    const before = world.logger.lines.length;
    for (const mode of MODES) {
      const client = await IsolationClient.open(world, ADA, mode);
      await client.call('fault', { kind: 'fails after its time' }).answer;
      await late.catch(() => {});
      await world.expectIdle();
    }
    expect(world.logger.lines.slice(before)).toEqual([]);
  });
});
