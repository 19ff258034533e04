import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TokenServiceCall {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Answer = (response: ServerResponse) => void;

/** A token service of a platform, on a loopback port or a Unix socket. */
export class TokenService implements AsyncDisposable {
  readonly calls: TokenServiceCall[] = [];
  answer: Answer = (response) => response.end('platform.token');

  private constructor(private readonly server: Server) {
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      this.calls.push({
        method: request.method!,
        url: request.url!,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      });
      this.answer(response);
    });
  }

  static async start(socketPath?: string): Promise<TokenService> {
    const server = createServer();
    if (socketPath) server.listen(socketPath);
    else server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TokenService(server);
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** Ways in which a token service can fail, and what is then said. */
export const FAILURES: [string, Answer, string][] = [
  [
    'status 500',
    (response) => response.writeHead(500).end('hunter2'),
    'the token service answered with status 500',
  ],
  [
    'status 204',
    (response) => response.writeHead(204).end(),
    'the token service answered with status 204',
  ],
  [
    'a redirect',
    (response) =>
      response.writeHead(302, { location: 'http://127.0.0.1/' }).end('hunter2'),
    'the token service answered with status 302',
  ],
  [
    'an empty body',
    (response) => response.end(),
    'the platform token is empty',
  ],
  [
    'a blank body',
    (response) => response.end(' \n'),
    'the platform token is empty',
  ],
  [
    'a page',
    (response) => response.end('<html> hunter2 </html>'),
    'the platform token is too long, or has characters no token has',
  ],
  [
    'a body without end',
    (response) => {
      response.on('error', () => undefined);
      const chunk = 'x'.repeat(4096);
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
    },
    'the platform token is too long, or has characters no token has',
  ],
  [
    'a cut connection',
    (response) => response.destroy(),
    'the token service could not be reached',
  ],
  ['silence', () => undefined, 'the token service did not answer in time'],
  [
    'half an answer',
    (response) => void response.write('hunter2'),
    'the token service did not answer in time',
  ],
];
