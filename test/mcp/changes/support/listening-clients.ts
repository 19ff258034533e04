import type { INestApplication } from '@nestjs/common';
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { vi } from 'vitest';
import { McpServerRegistry } from '../../../../lib/mcp/server/mcp-server.registry.js';
import type { AnyClient } from '../../../support/era-clients.js';

const INFO = { name: 'listener', version: '1.0.0' };

type Headers = Record<string, string>;

/** A client of either era that keeps what it is told. */
export interface ListeningClient {
  readonly client: AnyClient;
  /** Methods of the notifications, with a URI where there is one. */
  readonly heard: string[];
  subscribe(uri: string): Promise<unknown>;
  unsubscribe(uri: string): Promise<unknown>;
  close(): Promise<void>;
}

interface Notification {
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

function keep(heard: string[]) {
  return async ({ method, params }: Notification) => {
    const name = method.replace('notifications/', '');
    const uri = params?.['uri'];
    heard.push(typeof uri === 'string' ? `${name} ${uri}` : name);
  };
}

/** Version 1, in a session, with its stream open. */
export async function listenInSession(
  url: string,
  headers: Headers,
  application: INestApplication,
): Promise<ListeningClient> {
  const client = new Client(INFO);
  const heard: string[] = [];
  client.fallbackNotificationHandler = keep(heard);
  const before = stateOf(application).streams;
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers },
  });
  await client.connect(transport);
  await vi.waitFor(() => {
    if (stateOf(application).streams <= before) throw new Error('no stream');
  });
  return {
    client: client as unknown as AnyClient,
    heard,
    subscribe: (uri) => client.subscribeResource({ uri }),
    unsubscribe: (uri) => client.unsubscribeResource({ uri }),
    close: async () => {
      await transport.terminateSession();
      await client.close();
    },
  };
}

const LISTS = {
  toolsListChanged: true,
  promptsListChanged: true,
  resourcesListChanged: true,
};

/** Version 2, in revision 2026-07-28, with a stream for lists, and one a resource. */
export async function listenInRequests(
  url: string,
  headers: Headers,
): Promise<ListeningClient> {
  const client = new ModernClient(INFO, {
    versionNegotiation: { mode: { pin: '2026-07-28' } },
  });
  const heard: string[] = [];
  client.fallbackNotificationHandler = keep(heard);
  await client.connect(
    new ModernTransport(new URL(url), { requestInit: { headers } }),
  );
  await client.listen(LISTS);
  const streams = new Map<string, { close(): Promise<void> }>();
  return {
    client: client as unknown as AnyClient,
    heard,
    subscribe: async (uri) => {
      streams.set(uri, await client.listen({ resourceSubscriptions: [uri] }));
    },
    unsubscribe: async (uri) => streams.get(uri)!.close(),
    close: () => client.close(),
  };
}

/** Ways to listen, one an era. */
export const LISTENERS: readonly [
  era: string,
  listen: typeof listenInSession,
][] = [
  ['a session of version 1', listenInSession],
  ['requests of version 2', listenInRequests],
];

/** What the application holds for its clients at this moment. */
export function stateOf(application: INestApplication): {
  sessions: number;
  streams: number;
  listeners: number;
} {
  const [server] = application.get(McpServerRegistry).all as unknown as [
    {
      endpoint: { stats(): { sessions: number; streams: number } };
      modern: { size: number };
    },
  ];
  const { sessions, streams } = server.endpoint.stats();
  return { sessions, streams, listeners: server.modern.size };
}
