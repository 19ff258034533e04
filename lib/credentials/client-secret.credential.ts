import type { ServerMetadata } from '../oauth/server-metadata.js';
import { normalizeIssuer, withoutTrailingSlash } from '../zone/zone-url.js';
import type {
  ApplicationCredential,
  ClientIdentity,
} from './application-credential.interface.js';
import { basicAuthentication } from './basic-authentication.js';
import { CredentialError } from './credential.error.js';
import {
  CLIENT_SECRET_SHAPE,
  NO_CREDENTIAL_FOR,
  REPEATED_ISSUER,
} from './credentials.messages.js';

/** A client id with its secret. */
export type ClientSecretPair =
  | { readonly clientId: string; readonly clientSecret: string }
  | readonly [clientId: string, clientSecret: string];

/** A pair per issuer URL: multi-zone. */
export type ClientSecretMap = Readonly<Record<string, ClientSecretPair>>;

/**
 * Authenticates with a client id and a client secret, in the `Authorization`
 * header.
 *
 * @example
 * ```ts
 * new ClientSecret('my-client', process.env.MY_SECRET);
 * new ClientSecret({
 *   'https://acme.keycard.cloud': ['acme-client', acmeSecret],
 *   'https://globex.keycard.cloud': ['globex-client', globexSecret],
 * });
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 * @publicApi
 */
export class ClientSecret implements ApplicationCredential {
  readonly issuers?: readonly string[];
  readonly #identities = new Map<string, ClientIdentity>();
  readonly #single?: ClientIdentity;

  constructor(clientId: string, clientSecret: string);
  constructor(credential: ClientSecretPair | ClientSecretMap);
  constructor(
    credential: string | ClientSecretPair | ClientSecretMap,
    secret?: string,
  ) {
    const pair =
      typeof credential === 'string' ? [credential, secret] : credential;
    if (isPair(pair)) {
      this.#single = toIdentity(pair);
      return;
    }
    for (const [key, entry] of entriesOf(pair)) {
      const issuer = normalizeIssuer('The issuer of a client secret', key);
      if (this.#identities.has(issuer)) {
        throw new CredentialError(REPEATED_ISSUER(issuer));
      }
      this.#identities.set(issuer, toIdentity(entry));
    }
    this.issuers = [...this.#identities.keys()];
  }

  /** Whether there is a pair per issuer. */
  get isMultiZone(): boolean {
    return this.#single === undefined;
  }

  identify(server: ServerMetadata): ClientIdentity {
    if (this.#single) return this.#single;
    const issuer = withoutTrailingSlash(server.issuer);
    const identity = this.#identities.get(issuer);
    if (!identity) {
      throw new CredentialError(NO_CREDENTIAL_FOR(issuer, this.issuers!));
    }
    return identity;
  }
}

function isPair(value: unknown): value is ClientSecretPair {
  if (Array.isArray(value)) return true;
  return typeof value === 'object' && value !== null && 'clientId' in value;
}

function entriesOf(map: unknown): [string, ClientSecretPair][] {
  const entries =
    typeof map === 'object' && map !== null
      ? Object.entries(map as ClientSecretMap)
      : [];
  if (entries.length === 0) throw new CredentialError(CLIENT_SECRET_SHAPE);
  return entries;
}

function toIdentity(pair: ClientSecretPair): ClientIdentity {
  const [clientId, clientSecret] = isTuple(pair)
    ? pair
    : [pair?.clientId, pair?.clientSecret];
  if (isBlank(clientId) || isBlank(clientSecret)) {
    throw new CredentialError(CLIENT_SECRET_SHAPE);
  }
  return {
    clientId,
    authentication: basicAuthentication(clientSecret),
  };
}

function isTuple(pair: ClientSecretPair): pair is readonly [string, string] {
  return Array.isArray(pair);
}

function isBlank(value: unknown): boolean {
  return typeof value !== 'string' || value.trim() === '';
}
