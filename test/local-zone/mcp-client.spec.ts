import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  UnauthorizedError,
  type OAuthClientProvider,
} from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type {
  OAuthClientInformationMixed,
  OAuthTokens,
} from '@modelcontextprotocol/sdk/shared/auth.js';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  GrantType,
  HeadlessBrowser,
  LocalZone,
} from 'nestjs-keycard/local-zone';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

describe.each(['keycard', 'plain'] as const)(
  'the MCP client, %s paths',
  (profile) => {
    let server: Server;
    let zone: LocalZone;
    let resource: string;

    beforeAll(async () => {
      server = createServer();
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      resource = `http://127.0.0.1:${port}/mcp`;
      zone = await LocalZone.create()
        .user({ id: 'usr_ada', name: 'Ada Lovelace' })
        .resource(resource, { scopes: ['mcp:tools'], ownedBy: 'assistant' })
        .application('assistant')
        .start({ profile });
      protect(server, zone, resource);
    });
    afterAll(async () => {
      await zone.stop();
      server.closeAllConnections();
      server.close();
    });

    it('registers, logs in, calls a tool, and refreshes', async () => {
      const store = new MemoryAuthProvider();
      const url = new URL(resource);
      const connect = async () => {
        const transport = new StreamableHTTPClientTransport(url, {
          authProvider: store,
        });
        const client = new Client({ name: 'test', version: '1.0.0' });
        try {
          await client.connect(transport);
        } catch (error) {
          return { client, transport, error };
        }
        return { client, transport, error: undefined };
      };

      const first = await connect();
      expect(first.error).toBeInstanceOf(UnauthorizedError);
      expect(store.authorizationUrl?.searchParams.get('scope')).toBe(
        'mcp:tools',
      );
      expect(store.authorizationUrl?.searchParams.get('resource')).toBe(
        resource,
      );

      const end = await new HeadlessBrowser().walk(
        String(store.authorizationUrl),
        {
          user: 'usr_ada',
          stopAt: store.redirectUrl,
        },
      );
      await first.transport.finishAuth(end.url.searchParams.get('code') ?? '');

      const { client, error } = await connect();
      expect(error).toBeUndefined();
      const whoAmI = () => client.callTool({ name: 'who_am_i' });
      const expected = { content: [{ type: 'text', text: 'usr_ada' }] };
      expect(await whoAmI()).toMatchObject(expected);

      store.spoilAccessToken();
      expect(await whoAmI()).toMatchObject(expected);
      expect(zone.count('registration')).toBe(1);
      expect(zone.count('token', GrantType.AuthorizationCode)).toBe(1);
      expect(zone.count('token', GrantType.RefreshToken)).toBe(1);
      await client.close();
    });
  },
);

/** A stateless MCP server that takes tokens of the zone only. */
function protect(server: Server, zone: LocalZone, resource: string): void {
  const { origin, pathname } = new URL(resource);
  const keys = createRemoteJWKSet(new URL(zone.jwksUri));
  server.on('request', async (request, response) => {
    if (request.url === WELL_KNOWN + pathname) {
      response.setHeader('content-type', 'application/json');
      const authorization_servers = [zone.issuer];
      response.end(JSON.stringify({ resource, authorization_servers }));
      return;
    }
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const user = await jwtVerify(token, keys, {
      issuer: zone.issuer,
      audience: resource,
      typ: 'at+jwt',
    }).then(
      ({ payload }) => payload.sub,
      () => undefined,
    );
    if (user === undefined) {
      const metadata = origin + WELL_KNOWN + pathname;
      response.writeHead(401, {
        'www-authenticate': `Bearer resource_metadata="${metadata}", scope="mcp:tools"`,
      });
      response.end();
      return;
    }
    const mcp = new McpServer({ name: 'test', version: '1.0.0' });
    mcp.registerTool('who_am_i', {}, () => ({
      content: [{ type: 'text', text: user }],
    }));
    const transport = new StreamableHTTPServerTransport({
      enableJsonResponse: true,
    });
    await mcp.connect(transport);
    await transport.handleRequest(request, response, await readJson(request));
  });
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks = (await request.toArray()) as Buffer[];
  const text = Buffer.concat(chunks).toString();
  return text === '' ? undefined : JSON.parse(text);
}

class MemoryAuthProvider implements OAuthClientProvider {
  readonly redirectUrl = 'http://127.0.0.1:8123/callback';
  authorizationUrl: URL | undefined;
  private information: OAuthClientInformationMixed | undefined;
  private savedTokens: OAuthTokens | undefined;
  private verifier = '';

  readonly clientMetadata = {
    client_name: 'Headless',
    redirect_uris: [this.redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };

  clientInformation() {
    return this.information;
  }

  saveClientInformation(information: OAuthClientInformationMixed) {
    this.information = information;
  }

  tokens() {
    return this.savedTokens;
  }

  saveTokens(tokens: OAuthTokens) {
    this.savedTokens = tokens;
  }

  redirectToAuthorization(url: URL) {
    this.authorizationUrl = url;
  }

  codeVerifier() {
    return this.verifier;
  }

  saveCodeVerifier(verifier: string) {
    this.verifier = verifier;
  }

  spoilAccessToken() {
    if (this.savedTokens) {
      this.savedTokens = { ...this.savedTokens, access_token: 'stale' };
    }
  }
}
