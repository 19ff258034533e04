import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';

export const METADATA = '/.well-known/oauth-authorization-server';
export const OPENID_METADATA = '/.well-known/openid-configuration';
export const KEYS = '/jwks';
export const TOKEN = '/token';

/** What was received, as it came over the wire. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What to answer. */
export interface Reply {
  readonly status?: number;
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Nothing is answered before this. */
  readonly after?: Promise<unknown>;
  /** The head is sent, but the body never ends. */
  readonly endless?: boolean;
  /** The connection is cut instead. */
  readonly cut?: boolean;
}

type Script = (request: ReceivedRequest) => Reply;

/**
 * A scriptable authorization server on a free loopback port: metadata, key set
 * and token endpoint, each of which can be told to misbehave.
 */
export class ZoneServer implements AsyncDisposable {
  readonly requests: ReceivedRequest[] = [];
  /** Members of the metadata that differ from the defaults. */
  metadata: Record<string, unknown> = {};
  keys: readonly unknown[] = [];
  private readonly scripts = new Map<string, Script>();

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
  ) {
    this.reset();
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const received: ReceivedRequest = {
        method: request.method!,
        path: request.url!,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      this.requests.push(received);
      const script = this.scripts.get(received.path);
      await send(response, script?.(received) ?? { status: 404 });
    });
  }

  static async start(): Promise<ZoneServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return new ZoneServer(server, `http://127.0.0.1:${port}`);
  }

  /** Behaves, and forgets what it was asked. */
  reset(...keys: readonly JWK[]): void {
    this.requests.length = 0;
    this.metadata = {};
    this.keys = keys;
    this.scripts.clear();
    this.on(METADATA, () => ({ body: this.document() }));
    this.on(KEYS, () => ({ body: { keys: this.keys } }));
    this.on(TOKEN, () => ({
      body: {
        access_token: 'issued',
        token_type: 'Bearer',
        expires_in: 300,
        issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      },
    }));
  }

  document(): Record<string, unknown> {
    return {
      issuer: this.issuer,
      token_endpoint: this.issuer + TOKEN,
      jwks_uri: this.issuer + KEYS,
      response_types_supported: ['code'],
      ...this.metadata,
    };
  }

  on(path: string, reply: Reply | Script): void {
    this.scripts.set(path, typeof reply === 'function' ? reply : () => reply);
  }

  /** Answers everything so: an outage. */
  fail(reply: Reply = { status: 503 }): void {
    for (const path of this.scripts.keys()) this.on(path, reply);
  }

  count(path: string): number {
    return this.requests.filter((request) => request.path === path).length;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

async function send(response: ServerResponse, reply: Reply): Promise<void> {
  await reply.after;
  if (reply.cut) {
    response.destroy();
    return;
  }
  const isText = typeof reply.body === 'string';
  response.writeHead(reply.status ?? 200, {
    'content-type': reply.type ?? (isText ? 'text/html' : 'application/json'),
    ...reply.headers,
  });
  if (reply.endless) {
    response.write(' ');
    return;
  }
  if (reply.body === undefined) response.end();
  else response.end(isText ? reply.body : JSON.stringify(reply.body));
}
