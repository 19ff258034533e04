import type { IncomingMessage } from 'node:http';
import type { JWTPayload } from 'jose';
import type { errors as OidcErrors } from 'oidc-provider';
import type { ZoneEndpoints } from './endpoints.js';
import type { LocalZoneOptions } from './local-zone.options.js';
import type { SigningKeys } from './signing-keys.js';
import type { TokenLedger } from './token-ledger.js';
import type { ZoneEventEmitter } from './zone-events.js';
import type { ZoneModel } from './zone-model.js';
import type { ZoneStore } from './zone-store.js';

/** What the parts of one running zone share. */
export interface ZoneContext {
  readonly issuer: string;
  readonly port: number;
  readonly endpoints: ZoneEndpoints;
  readonly options: LocalZoneOptions;
  readonly model: ZoneModel;
  readonly store: ZoneStore;
  readonly keys: SigningKeys;
  readonly events: ZoneEventEmitter;
  readonly ledger: TokenLedger;
  readonly errors: typeof OidcErrors;
  /** Claims of a JWT that was presented for introspection or revocation. */
  readonly presentedTokens: WeakMap<IncomingMessage, JWTPayload>;
  /** Signs the cookies; survives a rotation of the keys. */
  readonly cookieKey: string;
}

/** OAuth error codes the zone's own rules answer with. */
export type RefusalCode =
  | 'access_denied'
  | 'insufficient_authorization'
  | 'invalid_grant'
  | 'invalid_request'
  | 'invalid_scope'
  | 'invalid_target'
  | 'unauthorized_client';

/** An error that oidc-provider turns into a 400 with this description. */
export function refusal(
  context: ZoneContext,
  code: RefusalCode,
  description: string,
): Error {
  return new context.errors.CustomOIDCProviderError(code, description);
}
