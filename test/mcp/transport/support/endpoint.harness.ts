import http from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { McpEndpoint } from '../../../../lib/mcp/transport/mcp-endpoint.js';
import {
  MCP_ENDPOINT_DEFAULTS,
  type McpEndpointOptions,
} from '../../../../lib/mcp/transport/mcp-endpoint.interface.js';
import { EventReader } from './event-reader.js';
import { FakeDispatcher } from './fake-dispatcher.js';
import { FakeGate } from './fake-gate.js';
import { initialize } from './messages.js';

export const SESSION_LIMITS = {
  idleTimeout: 60_000,
  maxSessions: 100,
  maxSessionsPerCaller: 50,
};

export interface LogLine {
  readonly level: 'error' | 'warn';
  readonly message: string;
  readonly cause: unknown;
}

/** Sessions whose streams can be taken up again, and calls that soon can. */
export const RESUMABLE_SESSIONS = {
  ...SESSION_LIMITS,
  resumption: {
    store: {
      maxEvents: 1000,
      maxBytes: 16 * 1024 * 1024,
      maxTotalBytes: 64 * 1024 * 1024,
      maxAge: 60_000,
    },
    primeInterval: 60_000,
  },
};

/** A finished HTTP response. */
export interface WireResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

export const JSON_HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};

/** Runs before the endpoint sees a request, like a middleware. */
export type Middleware = (
  request: http.IncomingMessage,
) => void | Promise<void>;

/** A real server with one endpoint, and a client for its wire. */
export class EndpointHarness {
  gate = new FakeGate();
  dispatcher = new FakeDispatcher();
  log: LogLine[] = [];
  endpoint: McpEndpoint;
  private agent: http.Agent;
  private server: http.Server;

  async start(
    options: Partial<McpEndpointOptions> = {},
    middleware?: Middleware,
  ): Promise<void> {
    this.gate = new FakeGate();
    this.dispatcher = new FakeDispatcher();
    this.log = [];
    this.endpoint = this.createEndpoint(options);
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 200 });
    this.server = http.createServer((request, response) => {
      if (!middleware) this.endpoint.handle(request, response);
      else {
        void Promise.resolve(middleware(request)).then(() =>
          this.endpoint.handle(request, response),
        );
      }
    });
    await this.endpoint.start();
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    await this.endpoint.close();
    this.agent.destroy();
    this.server.close();
    this.server.closeAllConnections();
  }

  /** Starts anew with other options. */
  async restart(
    options: Partial<McpEndpointOptions>,
    middleware?: Middleware,
  ): Promise<void> {
    await this.stop();
    await this.start(options, middleware);
  }

  createEndpoint(options: Partial<McpEndpointOptions> = {}): McpEndpoint {
    return new McpEndpoint({
      ...MCP_ENDPOINT_DEFAULTS,
      serverInfo: { name: 'test', version: '1.0.0' },
      capabilities: { tools: {}, logging: {} },
      dispatcher: this.dispatcher,
      gate: this.gate,
      sessions: SESSION_LIMITS,
      logger: {
        error: (message, cause) =>
          this.log.push({ level: 'error', message, cause }),
        warn: (message, cause) =>
          this.log.push({ level: 'warn', message, cause }),
      },
      ...options,
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${this.port}/mcp`);
  }

  /**
   * Opens a request whose body and end are up to the caller. A header that is
   * `undefined` is not sent.
   */
  open(
    method: string,
    headers: http.OutgoingHttpHeaders = {},
  ): http.ClientRequest {
    const wanted = Object.entries({ 'x-user': 'alice', ...headers });
    return http.request(this.url, {
      method,
      agent: this.agent,
      headers: Object.fromEntries(
        wanted.filter(([, value]) => value !== undefined),
      ),
    });
  }

  async send(
    method: string,
    headers: http.OutgoingHttpHeaders = {},
    chunks: readonly (string | Buffer)[] = [],
  ): Promise<WireResponse> {
    const request = this.open(method, headers);
    const answered = responseTo(request);
    for (const chunk of chunks) {
      request.write(chunk);
      // Each chunk has to arrive on its own.
      await new Promise((resolve) => setImmediate(resolve));
    }
    request.end();
    return answered;
  }

  post(
    body: unknown,
    headers: http.OutgoingHttpHeaders = {},
  ): Promise<WireResponse> {
    const content = typeof body === 'string' ? body : JSON.stringify(body);
    const request = this.open('POST', { ...JSON_HEADERS, ...headers });
    const answered = responseTo(request);
    request.end(content);
    return answered;
  }

  /** Sends a message whose answer, if it comes, is read as a stream. */
  async streamed(
    body: unknown,
    headers: http.OutgoingHttpHeaders,
  ): Promise<EventReader> {
    const request = this.open('POST', { ...JSON_HEADERS, ...headers });
    request.on('error', () => {});
    request.end(JSON.stringify(body));
    const [response] = await once(request, 'response');
    return new EventReader(response as http.IncomingMessage);
  }

  /** Opens the stream of a session, or takes one up again. */
  async resume(
    headers: http.OutgoingHttpHeaders,
    lastEventId?: string,
  ): Promise<EventReader> {
    const stream = await this.stream({
      ...headers,
      'last-event-id': lastEventId,
    });
    return new EventReader(stream);
  }

  /** Initializes; gives the headers of the session. */
  async session(
    user = 'alice',
    capabilities: object = {},
    params: object = {},
  ): Promise<Record<string, string>> {
    const body = initialize({ capabilities, ...params });
    const { headers } = await this.post(body, { 'x-user': user });
    return {
      'x-user': user,
      'mcp-session-id': String(headers['mcp-session-id']),
    };
  }

  /** Opens the stream of a session; settles when it is open. */
  async stream(
    headers: http.OutgoingHttpHeaders,
  ): Promise<http.IncomingMessage> {
    const request = this.open('GET', {
      accept: 'text/event-stream',
      ...headers,
    });
    request.end();
    const [response] = await once(request, 'response');
    return response as http.IncomingMessage;
  }
}

async function responseTo(request: http.ClientRequest): Promise<WireResponse> {
  const [response] = (await once(request, 'response')) as [
    http.IncomingMessage,
  ];
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: await textOf(response),
  };
}

export async function textOf(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
