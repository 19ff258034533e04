import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApplicationCredential } from '../../../lib/credentials/application-credential.interface.js';

/** Serves what a credential publishes, as the module does, on loopback. */
export class KeyPublication implements AsyncDisposable {
  /** Whose documents to serve; it may come after the URLs are known. */
  credential?: ApplicationCredential;
  reads = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {
    server.on('request', (request, response) => {
      this.reads += 1;
      const document = this.documents()[request.url ?? '']?.();
      response.writeHead(document ? 200 : 404, {
        'content-type': 'application/json',
      });
      response.end(JSON.stringify(document ?? {}));
    });
  }

  static async start(): Promise<KeyPublication> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return new KeyPublication(server, `http://127.0.0.1:${port}`);
  }

  get jwksUrl(): string {
    return `${this.url}/.well-known/jwks.json`;
  }

  get clientMetadataUrl(): string {
    return `${this.url}/.well-known/oauth-client-metadata`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private documents(): Record<string, () => unknown> {
    return {
      '/.well-known/jwks.json': () => this.credential?.publicKeys?.(),
      '/.well-known/oauth-client-metadata': () =>
        this.credential?.clientMetadata?.(),
    };
  }
}
