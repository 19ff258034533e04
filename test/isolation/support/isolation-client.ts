import {
  Agent,
  request,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http';
import {
  eventsOf,
  LOG_META,
  modernRequest,
  standardHeaders,
} from '../../mcp/modern/support/modern-messages.js';
import { request as legacyRequest } from '../../support/post.js';
import type { IsolationWorld } from './isolation-world.js';

/** How a client speaks to the server. */
export const MODES = ['stateless', 'session', 'modern'] as const;
export type Mode = (typeof MODES)[number];

/** What came back: the messages of a stream, or the one of a JSON body. */
export interface Answer {
  readonly status: number;
  readonly messages: any[];
  readonly final: any;
}

export interface Call {
  readonly request: ClientRequest;
  readonly answer: Promise<Answer>;
}

export const JSON_HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};

export const INITIALIZE = legacyRequest('initialize', {
  protocolVersion: '2025-11-25',
  capabilities: { elicitation: {} },
  clientInfo: { name: 'test', version: '1' },
});

/** One user's client, in one of the modes. */
export class IsolationClient {
  headers: Record<string, string> = {};

  private constructor(
    private readonly world: IsolationWorld,
    readonly user: string,
    readonly mode: Mode,
    private readonly agent: Agent,
  ) {}

  static async open(
    world: IsolationWorld,
    user: string,
    mode: Mode,
    agent = new Agent(),
  ): Promise<IsolationClient> {
    const client = new IsolationClient(world, user, mode, agent);
    client.headers = { ...JSON_HEADERS, ...world.bearer(user) };
    if (mode === 'session') await client.initialize();
    return client;
  }

  /** Calls a tool. Every call looks the same, but for its arguments. */
  call(name: string, input: object, id: string | number = 1): Call {
    const params = { name, arguments: input };
    const meta = { progressToken: 'same' };
    if (this.mode !== 'modern') {
      const body = legacyRequest('tools/call', { ...params, _meta: meta }, id);
      return this.post(body);
    }
    const asked = { ...meta, [LOG_META]: 'info' };
    const body = modernRequest('tools/call', params, asked, id);
    return this.post(body, standardHeaders(body));
  }

  /** Cancels a call as its mode has it. */
  async cancel(call: Call, id: string | number): Promise<void> {
    if (this.mode !== 'session') {
      call.answer.catch(() => {});
      call.request.destroy();
      return;
    }
    const params = { requestId: id };
    const method = 'notifications/cancelled';
    await this.post({ jsonrpc: '2.0', method, params }).answer;
  }

  post(body: object, headers: Record<string, string> = {}): Call {
    const sent = request(this.world.url, {
      method: 'POST',
      agent: this.agent,
      headers: { ...this.headers, ...headers },
    });
    const answer = answerTo(sent);
    sent.end(JSON.stringify(body));
    return { request: sent, answer: answer.then(toAnswer) };
  }

  private async initialize(): Promise<void> {
    const sent = request(this.world.url, {
      method: 'POST',
      agent: this.agent,
      headers: this.headers,
    });
    const answer = answerTo(sent);
    sent.end(JSON.stringify(INITIALIZE));
    const { response } = await answer;
    const id = String(response.headers['mcp-session-id']);
    this.headers = { ...this.headers, 'mcp-session-id': id };
  }
}

interface RawAnswer {
  readonly response: IncomingMessage;
  readonly text: string;
}

function answerTo(sent: ClientRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ response, text: Buffer.concat(chunks).toString() }),
      );
    });
  });
}

function toAnswer({ response, text }: RawAnswer): Answer {
  const isStream = response.headers['content-type'] === 'text/event-stream';
  const messages = isStream ? eventsOf(text) : text ? [JSON.parse(text)] : [];
  return { status: response.statusCode!, messages, final: messages.at(-1) };
}
