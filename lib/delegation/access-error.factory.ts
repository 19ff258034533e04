import { CredentialError } from '../credentials/credential.error.js';
import { InvalidScopeError } from '../oauth/errors/invalid-scope.error.js';
import { OAuthError } from '../oauth/errors/oauth.error.js';
import { OAuthHttpError } from '../oauth/errors/oauth-http.error.js';
import { OAuthProtocolError } from '../oauth/errors/oauth-protocol.error.js';
import { ZoneUnavailableError } from '../zone/zone-unavailable.error.js';
import type { AccessError } from './access-error.interface.js';
import {
  EXCHANGE_FAILED,
  GRANT_UNRESOLVED,
  SUBJECT_TOKEN_EXPIRED,
} from './delegation.messages.js';
import { ExchangeInputError } from './exchange-input.error.js';
import { ResourceAccessError } from './resource-access.error.js';

const UNEXPECTED = 'unexpected error';

/** The caller has to sign in again before anything can be exchanged. */
export const SUBJECT_EXPIRED: AccessError = Object.freeze({
  message: SUBJECT_TOKEN_EXPIRED,
  code: 'subject_token_expired',
  retryable: false,
});

/**
 * Tells why an exchange failed: a code where there is one, else what happened.
 *
 * @param secrets that a server may quote, and nobody else
 */
export function toAccessError(
  resource: string,
  error: unknown,
  secrets: readonly (string | undefined)[] = [],
): AccessError {
  if (error instanceof ResourceAccessError && error.error) return error.error;
  const message = EXCHANGE_FAILED(resource);
  if (error instanceof OAuthProtocolError) {
    const description = clean(error.errorDescription, secrets);
    const errorUri = linkOf(error.errorUri, secrets);
    const requestId = clean(error.requestId, secrets);
    return {
      message,
      code: error.error,
      ...(description && { description }),
      ...(errorUri && { errorUri }),
      ...(requestId && { requestId }),
      status: error.status,
      retryable: error.retryable,
    };
  }
  return {
    message,
    rawError: textOf(error),
    ...(error instanceof OAuthHttpError && { status: error.status }),
    retryable: isRetryable(error),
  };
}

/** Tells why it could not be determined what to exchange. */
export function toUnresolvedError(error: unknown): AccessError {
  return {
    message: GRANT_UNRESOLVED,
    // What functions of the application throw may say anything.
    rawError: textOf(error),
    retryable: isRetryable(error),
  };
}

// Servers quote what they were sent.
const TOKENS = /\beyJ[\w-]+\.[\w-]+\.[\w-]*(?:\.[\w-]*){0,2}/g;
// With these, a text from elsewhere could forge lines of a log.
const CONTROL_CHARACTERS = /\p{Cc}+/gu;
const MAX_LENGTH = 500;
const MAX_LINK_LENGTH = 2_000;

type Secrets = readonly (string | undefined)[];

function clean(text: string | undefined, secrets: Secrets): string | undefined {
  let rest = text ?? '';
  for (const secret of secrets) {
    if (secret) rest = rest.replaceAll(secret, '[token]');
  }
  return rest
    .replace(TOKENS, '[token]')
    .replace(CONTROL_CHARACTERS, ' ')
    .slice(0, MAX_LENGTH);
}

/** A link is told as it is or not at all: changed, it would lead elsewhere. */
function linkOf(
  link: string | undefined,
  secrets: Secrets,
): string | undefined {
  if (!link || link.length > MAX_LINK_LENGTH) return undefined;
  const isQuote = secrets.some((secret) => secret && link.includes(secret));
  return isQuote || !/^[\x21-\x7e]+$/.test(link) ? undefined : link;
}

/** Only texts that are ours: others may quote a token, a body or an address. */
function textOf(error: unknown): string {
  const isOurs =
    error instanceof OAuthError ||
    error instanceof ZoneUnavailableError ||
    error instanceof CredentialError ||
    error instanceof InvalidScopeError ||
    error instanceof ExchangeInputError;
  return isOurs ? error.message : UNEXPECTED;
}

function isRetryable(error: unknown): boolean {
  if (error instanceof ZoneUnavailableError) return true;
  const canTell =
    error instanceof OAuthError || error instanceof CredentialError;
  return canTell && Reflect.get(error, 'retryable') === true;
}
