import type { INestApplication } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { KeycardModule, McpServers } from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
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
import {
  listenInRequests,
  listenInSession,
  type ListeningClient,
} from '../mcp/changes/support/listening-clients.js';
import { ADAPTERS } from '../support/adapters.js';
import { boot, RecordingLogger } from '../support/boot.js';
import { NotePrompts, NoteResources } from '../support/notes.fixture.js';
import { RedisEventBus } from '../support/redis-event-bus.js';
import { hasRedis, RedisServer } from '../support/redis.js';

const RESOURCE = 'http://localhost:8000/mcp';
const INDEX = 'notes://index';

/** One of two processes that serve the same clients, as far as they know. */
interface Replica {
  readonly url: string;
  readonly application: INestApplication;
  readonly logger: RecordingLogger;
  readonly bus: RedisEventBus;
}

const serverOf = ({ application }: Replica) =>
  application.get(McpServers).get();

describe.runIf(hasRedis()).each(ADAPTERS)(
  'two replicas on %s',
  (_name, createAdapter: () => AbstractHttpAdapter) => {
    let redis: RedisServer;
    let zone: LocalZone;
    let headers: Record<string, string>;
    let here: Replica;
    let there: Replica;
    const clients: ListeningClient[] = [];

    async function start(): Promise<Replica> {
      const bus = await RedisEventBus.connect(redis.url);
      const logger = new RecordingLogger();
      const application = await boot(
        {
          module: class ReplicaModule {},
          imports: [
            KeycardModule.forRoot({
              zoneUrl: zone.issuer,
              resourceUrl: RESOURCE,
              mcp: { eventBus: bus },
            }),
          ],
          providers: [NoteResources, NotePrompts],
        },
        { adapter: createAdapter(), logger },
      );
      const url = new URL('/mcp', await application.getUrl());
      url.hostname = 'localhost';
      return { url: url.href, application, logger, bus };
    }

    beforeAll(async () => {
      redis = await RedisServer.start();
      zone = await LocalZone.create()
        .user({ id: 'usr_ada' })
        .resource(RESOURCE, { scopes: ['mcp:tools'], ownedBy: 'assistant' })
        .application('assistant', {
          clients: [{ clientId: 'assistant', clientSecret: 'secret-value' }],
        })
        .start();
      const { accessToken } = await zone.login('usr_ada');
      headers = { authorization: `Bearer ${accessToken}` };
      here = await start();
      there = await start();
    });
    beforeEach(async () => {
      const { url, application } = there;
      clients.push(
        await listenInSession(url, headers, application),
        await listenInRequests(url, headers),
      );
    });
    afterEach(async () => {
      for (const client of clients.splice(0)) await client.close();
    });
    afterAll(async () => {
      for (const { application, bus } of [here, there]) {
        await application.close();
        bus.close();
      }
      await zone.stop();
      await redis.stop();
    });

    // Nest logs for all applications of a process by the logger of the last one.
    const logged = () => here.logger.text + there.logger.text;

    const expectHeard = async (name: string, times = 1) => {
      for (const { heard } of clients) {
        await vi.waitFor(
          () => expect(heard.filter((one) => one === name)).toHaveLength(times),
          { timeout: 10_000 },
        );
      }
    };

    it('tell clients of both what was updated at one', async () => {
      for (const client of clients) await client.subscribe(INDEX);
      serverOf(here).resourceUpdated('notes://logo');
      serverOf(here).resourceUpdated(INDEX);
      await expectHeard(`resources/updated ${INDEX}`);
      for (const { heard } of clients) {
        expect(heard).not.toContain('resources/updated notes://logo');
      }
    });

    it('tell clients of both that a list changed at one', async () => {
      const tool = { name: 'late', description: 'Late', handler: () => '' };
      const registration = await serverOf(here).addTool(tool);
      await expectHeard('tools/list_changed');
      // Told, not shared: each replica has its own entries.
      const [client] = clients;
      const { tools } = await client!.client.listTools();
      expect(tools).toEqual([]);
      registration.remove();
      await expectHeard('tools/list_changed', 2);
    });

    it('tell their own clients once', async () => {
      serverOf(there).resourceUpdated(INDEX);
      for (const client of clients) await client.subscribe(INDEX);
      serverOf(there).resourceUpdated(INDEX);
      await expectHeard(`resources/updated ${INDEX}`);
      // What the bus brings back would have come before this.
      serverOf(here).resourceUpdated(INDEX);
      await expectHeard(`resources/updated ${INDEX}`, 2);
    });

    it.each([
      'no JSON',
      'null',
      '[]',
      '{"server":"http://localhost:8000/mcp","type":"tools_list_changed"}',
      '{"server":"http://localhost:8000/other","origin":"x","type":"tools_list_changed"}',
      '{"server":"http://localhost:8000/mcp","origin":"x","type":"tools_list_invented"}',
      '{"server":"http://localhost:8000/mcp","origin":"x","type":"resource_updated"}',
      `{"server":"http://localhost:8000/mcp","origin":"x","type":"resource_updated","uri":"${'a'.repeat(5000)}"}`,
    ])('are not impressed by %s', async (text) => {
      await here.bus.publishRaw(text);
      const fence = { name: 'fence', handler: () => '' };
      (await serverOf(here).addPrompt(fence)).remove();
      await expectHeard('prompts/list_changed');
      for (const { heard } of clients) {
        expect(heard).toEqual(['prompts/list_changed']);
      }
      expect(logged()).not.toContain('event bus');
    });

    it('tell their own clients while Redis is down, and all when it is back', async () => {
      for (const client of clients) await client.subscribe(INDEX);
      await redis.kill();
      try {
        serverOf(there).resourceUpdated(INDEX);
        await expectHeard(`resources/updated ${INDEX}`);
        serverOf(here).resourceUpdated(INDEX);
        await vi.waitFor(() =>
          expect(logged()).toContain(
            'warn The event bus of MCP servers cannot be used',
          ),
        );
      } finally {
        await redis.resume();
      }
      await vi.waitFor(
        () => {
          serverOf(here).resourceUpdated(INDEX);
          const told = clients.map(({ heard }) => heard.length);
          expect(Math.min(...told)).toBeGreaterThan(1);
        },
        { timeout: 15_000, interval: 100 },
      );
    });
  },
);
