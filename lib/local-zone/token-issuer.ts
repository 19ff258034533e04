import type {
  AccessToken,
  ClientCredentials,
  ResourceServer,
  ResourceServerInstance,
  TokenEndpointGrantContext,
} from 'oidc-provider';
import {
  GrantType,
  SIGNING_ALGORITHM,
  TokenType,
} from './local-zone.constants.js';
import { epochSeconds } from './text.js';
import { subjectClaims, type TokenSubject } from './token-ledger.js';
import type { ZoneContext } from './zone-context.js';
import type { ApplicationEntry, ResourceEntry } from './zone-model.js';

type AccessTokenProperties = ConstructorParameters<typeof AccessToken>[0];

/** A token that may be issued. */
export interface TokenOrder {
  readonly application: ApplicationEntry;
  readonly subject: TokenSubject;
  readonly resource: ResourceEntry;
  readonly scopes: readonly string[];
  readonly grantType: string;
  /** Claims beyond those of the subject. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Latest expiry, in seconds since the epoch. */
  readonly notAfter?: number | undefined;
}

/** A resource in the words of oidc-provider. */
export function resourceServerInfo(
  context: ZoneContext,
  resource: ResourceEntry,
): ResourceServer {
  const kid = context.keys.current.kid;
  return {
    scope: resource.scopes.join(' '),
    audience: resource.identifier,
    accessTokenFormat: 'jwt',
    accessTokenTTL: resource.ttl,
    jwt: { sign: { alg: SIGNING_ALGORITHM, kid } },
  };
}

/** Issues a token, or hands out the secret of a vault, and answers the request. */
export async function answerWithToken(
  context: ZoneContext,
  request: TokenEndpointGrantContext,
  order: TokenOrder,
): Promise<void> {
  const { scopes, grantType, resource } = order;
  const common = {
    token_type: 'Bearer',
    ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}),
    ...(grantType === GrantType.TokenExchange
      ? { issued_token_type: TokenType.AccessToken }
      : {}),
  };
  if (resource.vaultSecret !== undefined) {
    announceVaultSecret(context, request, order);
    request.body = { access_token: resource.vaultSecret, ...common };
    return;
  }
  const lifetime = lifetimeOf(order);
  const value = await signToken(context, request, order, lifetime);
  request.body = { access_token: value, expires_in: lifetime, ...common };
}

async function signToken(
  context: ZoneContext,
  request: TokenEndpointGrantContext,
  order: TokenOrder,
  expiresIn: number,
): Promise<string> {
  const { subject, grantType } = order;
  const token = createToken(context, request, order, expiresIn);
  context.ledger.set(token, {
    subject,
    grantType,
    claims: { ...subjectClaims(subject), ...order.claims },
  });
  request.oidc.entity(token.kind, token);
  return token.save();
}

function createToken(
  context: ZoneContext,
  request: TokenEndpointGrantContext,
  { subject, grantType, scopes, resource }: TokenOrder,
  expiresIn: number,
): AccessToken | ClientCredentials {
  const { client, provider } = request.oidc;
  const properties = {
    client,
    scope: scopes.join(' ') || undefined,
    expiresIn,
    resourceServer: serverOf(context, request, resource),
  };
  if (subject.kind === 'application') {
    return new provider.ClientCredentials(properties);
  }
  // Without a grantId, which the types demand: the token stands on its own and
  // is not part of the grant made to the client of the subject token.
  const withoutGrant: Omit<AccessTokenProperties, 'grantId'> = {
    ...properties,
    accountId: subject.id,
    gty: grantType,
  };
  return new provider.AccessToken(withoutGrant as AccessTokenProperties);
}

function serverOf(
  context: ZoneContext,
  request: TokenEndpointGrantContext,
  resource: ResourceEntry,
): ResourceServerInstance {
  const { ResourceServer } = request.oidc.provider;
  const info = resourceServerInfo(context, resource);
  return new ResourceServer(resource.identifier, info);
}

function lifetimeOf({ resource, notAfter }: TokenOrder): number {
  if (notAfter === undefined) {
    return resource.ttl;
  }
  return Math.max(1, Math.min(resource.ttl, notAfter - epochSeconds()));
}

function announceVaultSecret(
  context: ZoneContext,
  request: TokenEndpointGrantContext,
  order: TokenOrder,
): void {
  const { subject } = order;
  context.events.emit('issued', {
    grantType: order.grantType,
    clientId: request.oidc.client.clientId,
    application: order.application.id,
    user: subject.kind === 'user' ? subject.id : undefined,
    resource: order.resource.identifier,
    scopes: order.scopes,
  });
}
