import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt } from 'jose';
import { loadOidcProvider } from '../../../lib/local-zone/oidc-provider.loader.js';

export const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const API = 'https://api.example.test';

/** What the server was asked, as it came over the wire. */
export interface AskedForm {
  readonly authorization: string | undefined;
  readonly body: string;
}

/**
 * An authorization server that knows nothing of Keycard: oidc-provider as it
 * is, with token exchange as its documentation shows it.
 */
export async function startForeignServer() {
  const { module } = await loadOidcProvider();
  const asked: AskedForm[] = [];
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const info = (resource: string, scope = 'read write') => ({
    scope,
    audience: resource,
    accessTokenFormat: 'jwt' as const,
    accessTokenTTL: 120,
  });
  const provider = new module.Provider(issuer, {
    clients: [
      {
        client_id: 'assistant',
        client_secret: 'assistant-secret-value',
        grant_types: [EXCHANGE, 'client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    scopes: ['read', 'write'],
    extraTokenClaims: ({ oidc: { client, params } }) => {
      if (!params?.['subject_token']) return undefined;
      const actor = params['actor_token'];
      const sub = actor ? decodeJwt(actor as string).sub : client?.clientId;
      return { act: { sub } };
    },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== API) throw new module.errors.InvalidTarget();
          return info(resource);
        },
      },
    },
  });
  provider.registerGrantType(
    EXCHANGE,
    async (ctx) => {
      const { client, params } = ctx.oidc;
      const subject = decodeJwt(String(params?.['subject_token']));
      if (params?.['resource'] !== API) throw new module.errors.InvalidTarget();
      if (subject['revoked']) {
        throw new module.errors.InvalidGrant('subject token is revoked');
      }
      const token = new provider.AccessToken({
        accountId: String(subject.sub),
        client,
        scope: params?.['scope'],
        resourceServer: new provider.ResourceServer(API, info(API)),
      } as never);
      ctx.body = {
        access_token: await token.save(),
        issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        token_type: 'Bearer',
        expires_in: 120,
        scope: params?.['scope'],
      };
    },
    [
      'subject_token',
      'subject_token_type',
      'actor_token',
      'actor_token_type',
      'resource',
      'audience',
      'scope',
    ],
  );
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (request.url === '/token') {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { authorization } = request.headers;
        asked.push({ authorization, body: Buffer.concat(chunks).toString() });
      });
    }
    void answer(request, response);
  });
  return {
    issuer,
    asked,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
