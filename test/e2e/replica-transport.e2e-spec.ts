import { Module, type INestApplication } from '@nestjs/common';
import {
  ClientsModule,
  Transport,
  type MicroserviceOptions,
} from '@nestjs/microservices';
import { KeycardModule, McpServers } from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  listenInRequests,
  listenInSession,
  type ListeningClient,
} from '../mcp/changes/support/listening-clients.js';
import { ADAPTERS } from '../support/adapters.js';
import { boot } from '../support/boot.js';
import { findFreePort } from '../support/free-port.js';
import { NotePrompts, NoteResources } from '../support/notes.fixture.js';
import {
  EventController,
  TransportEventBus,
} from '../support/transport-event-bus.js';

const RESOURCE = 'http://localhost:8000/mcp';
const INDEX = 'notes://index';

// Redis and NATS need a server and a package each. What is ours of it is the
// same for every transport: the proxy, the pattern, and the bus between them.
describe.each(ADAPTERS)(
  'replicas that talk by @nestjs/microservices on %s',
  (_name, createAdapter) => {
    let zone: LocalZone;
    let here: INestApplication;
    let there: INestApplication;
    const clients: ListeningClient[] = [];

    const start = async (own: number, other: number) => {
      @Module({
        imports: [
          ClientsModule.register([
            {
              name: 'EVENTS',
              transport: Transport.TCP,
              options: { port: other },
            },
          ]),
        ],
        controllers: [EventController],
        providers: [TransportEventBus],
        exports: [TransportEventBus],
      })
      class EventsModule {}
      return boot(
        {
          module: class ReplicaModule {},
          imports: [
            KeycardModule.forRootAsync({
              imports: [EventsModule],
              inject: [TransportEventBus],
              useFactory: (eventBus: TransportEventBus) => ({
                zoneUrl: zone.issuer,
                resourceUrl: RESOURCE,
                mcp: { eventBus },
              }),
            }),
          ],
          providers: [NoteResources, NotePrompts],
        },
        {
          adapter: createAdapter(),
          configure: async (application) => {
            application.connectMicroservice<MicroserviceOptions>({
              transport: Transport.TCP,
              options: { port: own },
            });
            await application.startAllMicroservices();
          },
        },
      );
    };

    beforeAll(async () => {
      zone = await LocalZone.create()
        .user({ id: 'usr_ada' })
        .resource(RESOURCE, { scopes: ['mcp:tools'], ownedBy: 'assistant' })
        .application('assistant', {
          clients: [{ clientId: 'assistant', clientSecret: 'secret-value' }],
        })
        .start();
      const ports = [await findFreePort(), await findFreePort()] as const;
      here = await start(ports[0], ports[1]);
      there = await start(ports[1], ports[0]);
      const { accessToken } = await zone.login('usr_ada');
      const headers = { authorization: `Bearer ${accessToken}` };
      const url = new URL('/mcp', await there.getUrl());
      url.hostname = 'localhost';
      clients.push(
        await listenInSession(url.href, headers, there),
        await listenInRequests(url.href, headers),
      );
    });
    afterAll(async () => {
      for (const client of clients) await client.close();
      await here.close();
      await there.close();
      await zone.stop();
    });

    it('tell clients of both what happened at one', async () => {
      for (const client of clients) await client.subscribe(INDEX);
      const server = here.get(McpServers).get();
      server.resourceUpdated(INDEX);
      const tool = { name: 'late', description: 'Late', handler: () => '' };
      (await server.addTool(tool)).remove();
      for (const { heard } of clients) {
        await vi.waitFor(() =>
          expect(heard.toSorted()).toEqual([
            `resources/updated ${INDEX}`,
            'tools/list_changed',
          ]),
        );
      }
    });
  },
);
