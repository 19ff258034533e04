import { randomUUID } from 'node:crypto';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { RefusalMessages } from './local-zone.messages.js';
import { strings } from './text.js';
import { resourceServerInfo } from './token-issuer.js';
import { refusal, type ZoneContext } from './zone-context.js';
import { findResource } from './zone-rules.js';

type Features = NonNullable<Configuration['features']>;

/** Which parts of oidc-provider are on, and the rules they ask for. */
export function providerFeatures(context: ZoneContext): Features {
  const { model, options } = context;
  return {
    devInteractions: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    dPoP: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: {
      enabled: true,
      allowedPolicy: (_request, client, token) =>
        token.clientId === client.clientId ||
        ('aud' in token && model.ownsResource(client.clientId, token.aud)),
    },
    revocation: {
      enabled: true,
      allowedPolicy: (_request, client, token) =>
        token.clientId === client.clientId,
    },
    registration: {
      enabled: options.dynamicRegistration ?? true,
      issueRegistrationAccessToken: false,
      idFactory: () => `dcr_${randomUUID()}`,
    },
    clientIdMetadataDocument: {
      enabled: true,
      ack: 'draft-02',
      allowFetch: async () => true,
      allowClient: async () => true,
    },
    resourceIndicators: resourceIndicators(context),
  };
}

function resourceIndicators(
  context: ZoneContext,
): Features['resourceIndicators'] {
  return {
    enabled: true,
    useGrantedResource: async () => true,
    // At the token endpoint this is asked as well, with all granted resources.
    defaultResource: async (request, _client, granted) => {
      if (granted) {
        return granted;
      }
      if (request.oidc.route === 'authorization') {
        throw refusal(
          context,
          'invalid_target',
          RefusalMessages.resourceRequired(),
        );
      }
      return undefined;
    },
    getResourceServerInfo: async (request, identifier) => {
      assertOneResource(context, request);
      const resource = findResource(context, identifier);
      return resourceServerInfo(context, resource);
    },
  };
}

function assertOneResource(
  context: ZoneContext,
  request: KoaContextWithOIDC,
): void {
  if (strings(request.oidc.params?.['resource']).length > 1) {
    throw refusal(
      context,
      'invalid_target',
      RefusalMessages.severalResources(),
    );
  }
}
