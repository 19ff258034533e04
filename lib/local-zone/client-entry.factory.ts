import { randomBytes } from 'node:crypto';
import { GrantType } from './local-zone.constants.js';
import type {
  PublishedKeys,
  WorkloadClient,
  ZoneClient,
} from './zone-client.interface.js';
import type { ZoneApplication } from './zone-declaration.interface.js';
import type { WorkloadEntry } from './zone-model.js';

/** Turns a declared credential into the client metadata of RFC 7591. */
export function clientMetadata(
  application: ZoneApplication,
  client: ZoneClient,
): Record<string, unknown> {
  const redirectUris = application.redirectUris ?? [];
  const signsIn = redirectUris.length > 0;
  return {
    client_id: client.clientId,
    client_name: application.name ?? application.id,
    application_type: 'web',
    redirect_uris: redirectUris,
    response_types: signsIn ? ['code'] : [],
    grant_types: [
      GrantType.TokenExchange,
      GrantType.ClientCredentials,
      ...(signsIn ? [GrantType.AuthorizationCode, GrantType.RefreshToken] : []),
    ],
    ...authenticationMetadata(client),
  };
}

/**
 * A workload's token is not something oidc-provider can check. The zone checks
 * it and swaps it for a secret, which never leaves this process.
 */
export function workloadEntry(client: WorkloadClient): WorkloadEntry {
  return {
    clientId: client.clientId,
    clientSecret: randomBytes(48).toString('base64url'),
    issuer: client.workload.issuer,
    subject: client.workload.subject,
    audience: client.workload.audience,
    ...publishedKeys(client.workload),
  };
}

/** Metadata of a workload's client, with the secret of its entry. */
export function workloadMetadata(
  application: ZoneApplication,
  client: WorkloadClient,
  entry: WorkloadEntry,
): Record<string, unknown> {
  return {
    ...clientMetadata(application, client),
    client_secret: entry.clientSecret,
    token_endpoint_auth_method: 'client_secret_post',
  };
}

export function isWorkloadClient(client: ZoneClient): client is WorkloadClient {
  return 'workload' in client;
}

function authenticationMetadata(client: ZoneClient): Record<string, unknown> {
  if ('clientSecret' in client) {
    return {
      client_secret: client.clientSecret,
      token_endpoint_auth_method: 'client_secret_basic',
    };
  }
  if (isWorkloadClient(client)) {
    return {};
  }
  const { jwks, jwksUri } = publishedKeys(client);
  return {
    ...(jwks ? { jwks } : { jwks_uri: jwksUri }),
    token_endpoint_auth_method: 'private_key_jwt',
  };
}

function publishedKeys(keys: PublishedKeys) {
  return {
    jwks: 'jwks' in keys ? keys.jwks : undefined,
    jwksUri: 'jwksUri' in keys ? keys.jwksUri : undefined,
  };
}
