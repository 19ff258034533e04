import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';

/** Publishes a key set and a client metadata document on loopback. */
export class KeyServer {
  hits = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
    private key: SigningKey,
  ) {
    server.on('request', (request, response) => {
      this.hits += 1;
      const document = this.documents()[request.url ?? ''];
      response.writeHead(document ? 200 : 404, {
        'content-type': 'application/json',
      });
      response.end(JSON.stringify(document ?? {}));
    });
  }

  static async start(): Promise<KeyServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    firstKey ??= createKey('first');
    const key = await firstKey;
    return new KeyServer(server, `http://127.0.0.1:${port}`, key);
  }

  get publicKey(): JWK {
    return this.key.publicKey;
  }

  get jwksUri(): string {
    return `${this.url}/jwks.json`;
  }

  async changeKey(): Promise<void> {
    this.key = await createKey(randomUUID());
  }

  sign(claims: Record<string, unknown>): Promise<string> {
    const { kid } = this.key.publicKey;
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid })
      .sign(this.key.privateKey);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private documents(): Record<string, unknown> {
    const metadata = {
      client_name: 'Loopback client',
      redirect_uris: [`${this.url}/callback`],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      application_type: 'native',
    };
    return {
      '/jwks.json': { keys: [this.publicKey] },
      '/client': { ...metadata, client_id: `${this.url}/client` },
      '/other': { ...metadata, client_id: `${this.url}/client` },
    };
  }
}

interface SigningKey {
  readonly privateKey: Parameters<SignJWT['sign']>[0];
  readonly publicKey: JWK;
}

let firstKey: Promise<SigningKey> | undefined;

async function createKey(kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = await exportJWK(publicKey);
  return { privateKey, publicKey: { ...jwk, kid, use: 'sig', alg: 'RS256' } };
}
