import type { Configuration } from 'oidc-provider';
import { assertClientAssertion } from './client-assertion.guard.js';
import { findClient } from './client-document.resolver.js';
import { errorPage } from './interaction.pages.js';
import { SERVER_SCOPES, SIGNING_ALGORITHM } from './local-zone.constants.js';
import { isLoopbackUrl } from './loopback.js';
import { createOidcAdapterFactory } from './oidc-adapter.factory.js';
import { outboundFetch } from './outbound-fetch.js';
import { pageHeaders } from './page-headers.js';
import { providerFeatures } from './provider-features.js';
import { extraTokenClaims, recordToken } from './token-records.js';
import type { ZoneContext } from './zone-context.js';

const DEFAULT_TTL = 300;
const HOUR = 3600;
const DAY = 24 * HOUR;

/** The whole configuration of oidc-provider. Each member replaces a default that warns or differs from a live zone. */
export function providerConfiguration(context: ZoneContext): Configuration {
  return {
    ...protocolOptions(context),
    ...clientOptions(context),
    ...tokenOptions(context),
    ...userOptions(context),
    features: providerFeatures(context),
  };
}

function protocolOptions(context: ZoneContext): Configuration {
  return {
    adapter: createOidcAdapterFactory(context.store, (clientId) =>
      findClient(context, clientId),
    ),
    jwks: { keys: [...context.keys.all] },
    routes: { ...context.endpoints },
    clockTolerance: 0,
    scopes: SERVER_SCOPES,
    claims: { openid: ['sub'], email: ['email'], profile: ['name'] },
    responseTypes: ['code'],
    subjectTypes: ['public'],
    pkce: { required: () => true },
    fetch: (input, init) => outboundFetch(context, input, init),
  };
}

function clientOptions(context: ZoneContext): Configuration {
  return {
    clientAuthMethods: [
      'none',
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
    ],
    clientDefaults: {
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      id_token_signed_response_alg: SIGNING_ALGORITHM,
    },
    enabledJWA: {
      clientAuthSigningAlgValues: ['RS256', 'ES256'],
      idTokenSigningAlgValues: [SIGNING_ALGORITHM],
    },
    clientBasedCORS: (_request, origin) => isLoopbackUrl(origin),
    assertJwtClientAuthClaimsAndHeader: (request, claims) =>
      assertClientAssertion(context, request, claims),
  };
}

function tokenOptions(context: ZoneContext): Configuration {
  return {
    extraTokenClaims: async (_request, token) =>
      extraTokenClaims(context, token),
    formats: {
      customizers: {
        jwt: (_request, token, jwt) => recordToken(context, token, jwt),
      },
    },
    issueRefreshToken: async (_request, client) =>
      client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async () => false,
    rotateRefreshToken: true,
    ttl: {
      AccessToken: (_request, token) =>
        token.resourceServer?.accessTokenTTL ?? DEFAULT_TTL,
      ClientCredentials: (_request, token) =>
        token.resourceServer?.accessTokenTTL ?? DEFAULT_TTL,
      AuthorizationCode: 60,
      IdToken: DEFAULT_TTL,
      RefreshToken: context.options.refreshTokenTtl ?? DAY,
      Interaction: HOUR,
      Session: DAY,
      Grant: DAY,
    },
  };
}

function userOptions(context: ZoneContext): Configuration {
  const { port, model } = context;
  return {
    // Cookies ignore ports: without it, two zones would sign each other's users out.
    cookies: {
      keys: [context.cookieKey],
      names: {
        session: `_zone_${port}`,
        interaction: `_zone_${port}_interaction`,
        resume: `_zone_${port}_resume`,
      },
    },
    interactions: {
      url: (_request, interaction) => `/interaction/${interaction.uid}`,
    },
    // Only the grant of this interaction: every sign-in shows the consent page.
    loadExistingGrant: async ({ oidc }) => {
      const grantId = oidc.result?.consent?.grantId;
      return grantId ? oidc.provider.Grant.find(grantId) : undefined;
    },
    findAccount: (_request, id) => {
      const user = model.users.get(id);
      if (!user) {
        return undefined;
      }
      const claims = { sub: id, email: user.identifier, name: user.name };
      return { accountId: id, claims: async () => claims };
    },
    renderError: (request, out) => {
      request.set(pageHeaders());
      request.type = 'html';
      request.body = errorPage(out.error, out.error_description);
    },
  };
}
