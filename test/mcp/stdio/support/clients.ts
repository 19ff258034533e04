import type { Stream } from 'node:stream';
import { Client as ModernClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernTransport } from '@modelcontextprotocol/client/stdio';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import {
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { ProgramSettings } from './local.program.js';

const INFO = { name: 'test', version: '1.0.0' };
const CAPABILITIES = { elicitation: { form: {} } };
const ANSWER = { action: 'accept', content: { colour: 'green' } } as const;

/** What came without having been asked for. */
export interface Heard {
  readonly logs: unknown[];
  readonly changes: string[];
  stderr: string;
}

/** What the official clients of both versions have in common. */
export interface LocalClient {
  readonly heard: Heard;
  readonly raw: any;
  /** Listens for changes, in the way of its era. */
  listen(uris: readonly string[]): Promise<void>;
}

/** How the program is started. */
export interface Launch {
  readonly script: string;
  readonly settings?: ProgramSettings;
  readonly environment?: Readonly<Record<string, string>>;
}

export function commandOf({ script, settings = {}, environment }: Launch) {
  return {
    command: process.execPath,
    args: [script],
    env: {
      SETTINGS: JSON.stringify(settings),
      KEYCARD_CLIENT_ID: 'assistant',
      KEYCARD_CLIENT_SECRET: 'secret-value',
      ...environment,
    },
    stderr: 'pipe' as const,
  };
}

function createHeard(transport: { readonly stderr: Stream | null }): Heard {
  const heard: Heard = { logs: [], changes: [], stderr: '' };
  transport.stderr?.on('data', (chunk) => (heard.stderr += String(chunk)));
  return heard;
}

async function connectFirst(launch: Launch): Promise<LocalClient> {
  const client = new Client(INFO, { capabilities: CAPABILITIES });
  const transport = new StdioClientTransport(commandOf(launch));
  const heard = createHeard(transport);
  client.setRequestHandler(ElicitRequestSchema, () => ANSWER);
  client.setNotificationHandler(
    LoggingMessageNotificationSchema,
    ({ params }) => void heard.logs.push(params.data),
  );
  client.setNotificationHandler(
    ToolListChangedNotificationSchema,
    ({ method }) => void heard.changes.push(method),
  );
  client.setNotificationHandler(
    ResourceUpdatedNotificationSchema,
    ({ params }) => void heard.changes.push(params.uri),
  );
  await client.connect(transport);
  return { heard, raw: client, listen: (uris) => subscribe(client, uris) };
}

type Mode = 'legacy' | 'auto' | { pin: string };

async function connectSecond(launch: Launch, mode: Mode): Promise<LocalClient> {
  const client: any = new ModernClient(INFO, {
    capabilities: CAPABILITIES,
    versionNegotiation: { mode },
  });
  const transport = new ModernTransport(commandOf(launch));
  const heard = createHeard(transport);
  client.setRequestHandler('elicitation/create', () => ANSWER);
  client.setNotificationHandler('notifications/message', ({ params }: any) =>
    heard.logs.push(params.data),
  );
  client.setNotificationHandler(
    'notifications/tools/list_changed',
    ({ method }: any) => heard.changes.push(method),
  );
  client.setNotificationHandler(
    'notifications/resources/updated',
    ({ params }: any) => heard.changes.push(params.uri),
  );
  await client.connect(transport);
  const listen =
    mode === 'legacy'
      ? (uris: readonly string[]) => subscribe(client, uris)
      : async (uris: readonly string[]) => {
          await client.listen({
            toolsListChanged: true,
            resourceSubscriptions: uris,
          });
        };
  return { heard, raw: client, listen };
}

/** Clients of the 2025 era are told of lists unasked. */
async function subscribe(client: any, uris: readonly string[]) {
  for (const uri of uris) {
    await client.subscribeResource({ uri }).catch(() => {});
  }
}

/** The official clients, each with the era that it speaks here. */
export const CLIENTS: readonly [
  name: string,
  era: 'legacy' | 'modern',
  connect: (launch: Launch) => Promise<LocalClient>,
][] = [
  ['version 1', 'legacy', connectFirst],
  ['version 2, legacy', 'legacy', (launch) => connectSecond(launch, 'legacy')],
  ['version 2, automatic', 'modern', (launch) => connectSecond(launch, 'auto')],
  [
    'version 2, pinned',
    'modern',
    (launch) => connectSecond(launch, { pin: '2026-07-28' }),
  ],
];
