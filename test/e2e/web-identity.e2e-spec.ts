import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Injectable, Module, type INestApplication } from '@nestjs/common';
import {
  AccessContext,
  Grant,
  KeycardModule,
  McpTool,
  WebIdentity,
} from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { boot } from '../support/boot.js';
import { findFreePort } from '../support/free-port.js';
import { bearer, post, toolCall } from '../support/post.js';

const API = 'https://api.example.test';

@Injectable()
class Tools {
  @McpTool({ description: 'For tests' })
  @Grant(API)
  act(access: AccessContext) {
    return { status: access.getStatus(), errors: access.getErrors() };
  }
}

describe.each(ADAPTERS)('WebIdentity on %s', (_name, createAdapter) => {
  const folder = mkdtempSync(join(tmpdir(), 'keys-'));
  let zone: LocalZone;
  let application: INestApplication;
  let origin: string;

  async function start(port: number): Promise<INestApplication> {
    @Module({
      imports: [
        KeycardModule.forRoot({
          zoneUrl: zone.issuer,
          resourceUrl: `${origin}/mcp`,
          applicationCredential: new WebIdentity({
            keyId: 'assistant',
            storageDirectory: folder,
          }),
        }),
      ],
      providers: [Tools],
    })
    class AppModule {}
    return boot(AppModule, { adapter: createAdapter(), port });
  }

  let port: number;
  beforeAll(async () => {
    port = await findFreePort();
    origin = `http://localhost:${port}`;
    zone = await LocalZone.create()
      .user({ id: 'usr_ada' })
      .resource(`${origin}/mcp`, { ownedBy: 'assistant' })
      .resource(API)
      .application('assistant', {
        clients: [
          {
            // The zone knows the application by the URL of its metadata.
            clientId: `${origin}/.well-known/oauth-protected-resource/mcp`,
            jwksUri: `${origin}/.well-known/jwks.json`,
          },
        ],
        dependsOn: [API],
      })
      .start();
    application = await start(port);
  });
  afterAll(async () => {
    await application.close();
    await zone.stop();
    rmSync(folder, { recursive: true });
  });

  const read = async (path: string) =>
    (await (await fetch(origin + path)).json()) as Record<string, any>;

  it('publishes its key, and says where', async () => {
    const { keys } = await read('/.well-known/jwks.json');
    expect(keys).toEqual([
      {
        kty: 'RSA',
        n: expect.any(String),
        e: 'AQAB',
        kid: 'assistant',
        alg: 'RS256',
        use: 'sig',
      },
    ]);
    const metadata = await read('/.well-known/oauth-protected-resource/mcp');
    expect(metadata['jwks_uri']).toBe(`${origin}/.well-known/jwks.json`);
    const client = await read('/.well-known/oauth-client-metadata');
    expect(client).toMatchObject({
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: `${origin}/.well-known/jwks.json`,
    });
  });

  it('exchanges with it, and after a restart with the same', async () => {
    const { accessToken } = await zone.login('usr_ada');
    const act = async () => {
      const url = `${origin}/mcp`;
      const answer = await post(url, toolCall('act'), bearer(accessToken));
      return answer.json.result.structuredContent.status as string;
    };
    expect(await act()).toBe('success');
    const before = await read('/.well-known/jwks.json');
    await application.close();
    application = await start(port);
    expect(await read('/.well-known/jwks.json')).toEqual(before);
    expect(await act()).toBe('success');
  });
});
