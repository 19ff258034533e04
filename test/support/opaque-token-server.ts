import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadOidcProvider } from '../../lib/local-zone/oidc-provider.loader.js';

/** A resource server that asks about tokens. */
export interface IntrospectionClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What a token is to be like. */
export interface OpaqueTokenInit {
  readonly resource?: string;
  readonly scope?: string;
  readonly clientId?: string;
  /** Thumbprint of the key it is bound to. */
  readonly jkt?: string;
}

/**
 * An authorization server that knows nothing of Keycard: oidc-provider as it
 * is, with opaque access tokens for any resource.
 */
export async function startOpaqueTokenServer(asking: IntrospectionClient) {
  const { module } = await loadOidcProvider();
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const redirect = { redirect_uris: ['https://client.example.com/callback'] };
  const provider = new module.Provider(issuer, {
    clients: [
      {
        client_id: asking.clientId,
        client_secret: asking.clientSecret,
        redirect_uris: [],
        response_types: [],
        grant_types: [],
      },
      { client_id: 'desktop', token_endpoint_auth_method: 'none', ...redirect },
    ],
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: true },
      introspection: { enabled: true },
      resourceIndicators: { enabled: true },
    },
  });
  let asked = 0;
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (request.url === '/token/introspection') asked += 1;
    void answer(request, response);
  });

  const base = async (init: OpaqueTokenInit) => {
    const client = await provider.Client.find(init.clientId ?? 'desktop');
    const grant = new provider.Grant({
      accountId: 'usr_ada',
      clientId: client!.clientId,
    });
    return {
      accountId: 'usr_ada',
      client,
      grantId: await grant.save(),
      scope: init.scope ?? 'notes',
      gty: 'authorization_code',
    };
  };

  return {
    issuer,
    /** Questions about tokens. */
    get asked(): number {
      return asked;
    },
    async accessToken(init: OpaqueTokenInit): Promise<string> {
      const token = new provider.AccessToken((await base(init)) as never);
      if (init.resource !== undefined) {
        token.resourceServer = new provider.ResourceServer(init.resource, {
          scope: init.scope ?? 'notes',
          audience: init.resource,
          accessTokenFormat: 'opaque',
          accessTokenTTL: 300,
        });
      }
      if (init.jkt !== undefined) token.setThumbprint('jkt', init.jkt);
      return token.save();
    },
    async refreshToken(init: OpaqueTokenInit): Promise<string> {
      const { resource } = init;
      const token = new provider.RefreshToken({
        ...(await base(init)),
        resource,
      } as never);
      return token.save();
    },
    async revoke(token: string): Promise<void> {
      const found = await provider.AccessToken.find(token);
      await found!.destroy();
    },
    stop(): void {
      server.closeAllConnections();
      server.close();
    },
  };
}
