import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const FILES: Readonly<Record<string, string>> = {
  '/inspector.js': 'text/javascript',
  '/inspector.html': 'text/html; charset=utf-8',
};

const EMPTY_PAGE = `<!doctype html>
<html lang="en">
  <head><title>Empty</title><link rel="icon" href="data:," /></head>
  <body><h1>Empty</h1></body>
</html>`;

/**
 * Somebody else's web site, on a port of its own: the Inspector at `/` and
 * `/callback`, a page that does nothing everywhere else. `/hop` sends the browser
 * on to `/landed`.
 */
export class PageServer {
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(host = '127.0.0.1'): Promise<PageServer> {
    const server = createServer();
    server.listen(0, host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.on('request', async (request, response) => {
      const { pathname } = new URL(request.url!, 'http://localhost');
      if (pathname === '/hop') {
        response.writeHead(302, { location: '/landed' }).end();
        return;
      }
      const isApp = pathname === '/' || pathname === '/callback';
      const file = isApp ? '/inspector.html' : pathname;
      const type = FILES[file];
      response.writeHead(200, { 'content-type': type ?? 'text/html' });
      response.end(type ? await read(file) : EMPTY_PAGE);
    });
    return new PageServer(server, port);
  }

  get origin(): string {
    return this.at('localhost');
  }

  /** The same site, under another name. */
  at(host: string): string {
    return `http://${host}:${this.port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

function read(file: string): Promise<Buffer> {
  return readFile(new URL(`./pages${file}`, import.meta.url));
}
