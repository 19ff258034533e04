import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

type Headers = Readonly<Record<string, string>>;

/** What the official clients of both versions have in common. */
export interface AnyClient {
  listTools(params?: object): Promise<any>;
  callTool(params: { name: string; arguments?: object }): Promise<any>;
  listResources(params?: object): Promise<any>;
  listResourceTemplates(params?: object): Promise<any>;
  readResource(params: { uri: string }): Promise<any>;
  listPrompts(params?: object): Promise<any>;
  getPrompt(params: {
    name: string;
    arguments?: Record<string, string>;
  }): Promise<any>;
  complete(params: any): Promise<any>;
  getServerCapabilities(): any;
  close(): Promise<void>;
}

const INFO = { name: 'test', version: '1.0.0' };

async function connectLegacy(url: string, headers: Headers) {
  const client = new Client(INFO);
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers: { ...headers } },
    }),
  );
  return client as unknown as AnyClient;
}

async function connectModern(
  url: string,
  headers: Headers,
  mode: 'legacy' | 'auto' | { pin: string },
) {
  const client = new ModernClient(INFO, { versionNegotiation: { mode } });
  await client.connect(
    new ModernTransport(new URL(url), {
      requestInit: { headers: { ...headers } },
    }),
  );
  return client as unknown as AnyClient;
}

/** The official clients, each with the era that it speaks here. */
export const CLIENTS: readonly [
  name: string,
  era: 'legacy' | 'modern',
  connect: (url: string, headers: Headers) => Promise<AnyClient>,
][] = [
  ['version 1', 'legacy', connectLegacy],
  [
    'version 2, as it comes',
    'legacy',
    (url, headers) => connectModern(url, headers, 'legacy'),
  ],
  [
    'version 2, automatic',
    'modern',
    (url, headers) => connectModern(url, headers, 'auto'),
  ],
  [
    'version 2, pinned',
    'modern',
    (url, headers) => connectModern(url, headers, { pin: '2026-07-28' }),
  ],
];
