import { once } from 'node:events';
import { Agent, type IncomingMessage } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { Injectable, Module } from '@nestjs/common';
import { McpContext, McpTool } from 'nestjs-keycard';
import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
} from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { IsolationClient, MODES } from './support/isolation-client.js';
import { ADA } from './support/isolation-tools.js';
import { IsolationWorld } from './support/isolation-world.js';

const MESSAGE = 'x'.repeat(100_000);
/** Far more than the buffers of a connection take: 40 MB. */
const MESSAGES = 400;
const HALF = (MESSAGES / 2) * MESSAGE.length;

let sent = 0;

@Injectable()
class Talkers {
  @McpTool({ description: 'Waits for its client', timeout: 0 })
  async patient(context: McpContext) {
    for (sent = 0; sent < MESSAGES && !context.signal.aborted; sent += 1) {
      await context.log('error', MESSAGE);
    }
    return 'said all';
  }

  @McpTool({ description: 'Does not wait', timeout: 0 })
  async hasty(context: McpContext) {
    for (sent = 0; sent < MESSAGES; sent += 1) {
      void context.log('error', MESSAGE);
      if (sent % 50 === 0) await turn();
    }
    return 'said all';
  }

  @McpTool({ description: 'For tests' })
  brief() {
    return 'here';
  }
}

@Module({ providers: [Talkers] })
class TalkersModule {}

describe.each(ADAPTERS)('a slow reader on %s', (_name, createAdapter) => {
  const warnings: unknown[] = [];
  const warn = (warning: Error) => warnings.push(warning.message);
  let world: IsolationWorld;

  beforeAll(async () => {
    process.on('warning', warn);
    world = await IsolationWorld.start(createAdapter(), {
      module: TalkersModule,
    });
  });
  afterAll(async () => {
    process.off('warning', warn);
    await world.stop();
    expect(warnings).toEqual([]);
  });
  beforeEach(() => {
    sent = 0;
  });

  /** Once a call has more to say than its client has read. */
  const stalled = async () => {
    for (let before = -1; before !== sent || sent === 0;) {
      before = sent;
      for (let turns = 0; turns < 100; turns += 1) await turn();
    }
  };

  describe.each(MODES)('(%s)', (mode) => {
    let client: IsolationClient;

    beforeAll(async () => {
      client = await IsolationClient.open(world, ADA, mode, new Agent());
    });

    /** A call whose answer is not read until it is asked for. */
    const open = async (tool: string) => {
      const call = client.call(tool, {});
      call.answer.catch(() => {});
      const [response] = (await once(call.request, 'response')) as [
        IncomingMessage,
      ];
      response.pause();
      return { call, response };
    };

    it('slows down the tool that waits for it, and nobody else', async () => {
      const { call, response } = await open('patient');
      await stalled();
      expect(sent).toBeLessThan(MESSAGES / 2);
      const others = Array.from({ length: 20 }, () => client.call('brief', {}));
      for (const { answer } of others) {
        expect((await answer).final.result.content[0].text).toBe('here');
      }
      response.resume();
      const { messages, final } = await call.answer;
      expect(messages).toHaveLength(MESSAGES + 1);
      expect(final.result.content[0].text).toBe('said all');
      await world.expectIdle();
    });

    it('misses what a tool says without waiting for it', async () => {
      const { call, response } = await open('hasty');
      await vi.waitFor(() => expect(sent).toBe(MESSAGES), { timeout: 10_000 });
      response.resume();
      const { messages, final } = await call.answer;
      // The rest was never held for it.
      expect(JSON.stringify(messages).length).toBeLessThan(HALF);
      expect(final.result.content[0].text).toBe('said all');
      await world.expectIdle();
    });

    it('frees all when it leaves', async () => {
      const { call, response } = await open('patient');
      await stalled();
      response.destroy();
      call.request.destroy();
      // In a session the tool goes on, with nobody to wait for.
      await world.expectIdle();
    });
  });
});
