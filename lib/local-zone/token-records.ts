import type {
  AccessToken,
  ClientCredentials,
  JWTStructured,
} from 'oidc-provider';
import { epochSeconds, strings, words } from './text.js';
import type { LedgerEntry } from './token-ledger.js';
import type { ZoneContext } from './zone-context.js';

type JwtToken = AccessToken | ClientCredentials;

/**
 * Last stop before a JWT is signed. oidc-provider does not store JWTs; the
 * record made here is what introspection, revocation and the check of a
 * subject token look for.
 */
export function recordToken(
  context: ZoneContext,
  token: JwtToken,
  jwt: JWTStructured,
): void {
  const entry = context.ledger.get(token);
  if (entry?.subject.kind === 'application') {
    jwt.payload['sub'] = entry.subject.id;
  }
  const { jti, exp } = jwt.payload as { jti: string; exp: number };
  const key = `${token.kind}:${jti}`;
  const grantId = 'grantId' in token ? token.grantId : undefined;
  const accountId = 'accountId' in token ? token.accountId : undefined;
  const record = {
    kind: token.kind,
    jti,
    exp,
    iat: jwt.payload['iat'],
    aud: jwt.payload['aud'],
    scope: jwt.payload['scope'],
    clientId: token.clientId,
    accountId,
    grantId,
    extra: token.extra,
  };
  context.store.set(key, record, exp - epochSeconds());
  if (grantId) {
    context.store.addToGrant(grantId, key);
  }
  emitIssued(context, token, jwt, entry);
}

/** Whether a token was issued here and is not revoked. */
export function hasTokenRecord(
  context: ZoneContext,
  tokenId: string | undefined,
): boolean {
  const { store } = context;
  const record =
    store.get(`AccessToken:${tokenId}`) ??
    store.get(`ClientCredentials:${tokenId}`);
  return record !== undefined;
}

/** Claims that oidc-provider adds to a token before it is recorded. */
export function extraTokenClaims(
  context: ZoneContext,
  token: JwtToken,
): Record<string, unknown> {
  const entry = context.ledger.get(token);
  if (entry) {
    return { ...entry.claims };
  }
  const grantId = 'grantId' in token ? token.grantId : token.jti;
  return { sub_profile: 'user', sid: `ses_${grantId}` };
}

function emitIssued(
  context: ZoneContext,
  token: JwtToken,
  jwt: JWTStructured,
  entry: LedgerEntry | undefined,
): void {
  const clientId = token.clientId ?? '';
  const isUser = entry?.subject.kind !== 'application';
  const grantTypes = 'gty' in token ? words(token.gty) : [];
  context.events.emit('issued', {
    grantType: entry?.grantType ?? grantTypes.at(-1) ?? '',
    clientId,
    application: context.model.applicationOfClient(clientId)?.id,
    user: isUser ? String(jwt.payload['sub']) : undefined,
    resource: strings(jwt.payload['aud'])[0] ?? '',
    scopes: words(jwt.payload['scope']),
  });
}
