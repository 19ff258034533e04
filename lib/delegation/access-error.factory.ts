import { CredentialError } from '../credentials/credential.error.js';
import { OAuthError } from '../oauth/errors/oauth.error.js';
import { OAuthHttpError } from '../oauth/errors/oauth-http.error.js';
import { OAuthProtocolError } from '../oauth/errors/oauth-protocol.error.js';
import { ZoneUnavailableError } from '../zone/zone-unavailable.error.js';
import type { AccessError } from './access-error.interface.js';
import { EXCHANGE_FAILED } from './delegation.messages.js';

const UNEXPECTED = 'unexpected error';

/** Tells why an exchange failed: a code where there is one, else what happened. */
export function toAccessError(resource: string, error: unknown): AccessError {
  const message = EXCHANGE_FAILED(resource);
  if (error instanceof OAuthProtocolError) {
    return {
      message,
      code: error.error,
      ...(error.errorDescription && {
        description: clean(error.errorDescription),
      }),
      ...(error.errorUri && { errorUri: error.errorUri }),
      ...(error.requestId && { requestId: error.requestId }),
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

// Servers quote what they were sent.
const TOKENS = /\beyJ[\w-]+\.[\w-]+\.[\w-]*(?:\.[\w-]*){0,2}/g;
// With these, a text from elsewhere could forge lines of a log.
const CONTROL_CHARACTERS = /\p{Cc}+/gu;
const MAX_LENGTH = 500;

function clean(description: string): string {
  return description
    .replace(TOKENS, '[token]')
    .replace(CONTROL_CHARACTERS, ' ')
    .slice(0, MAX_LENGTH);
}

/** Only texts that are ours: others may quote a token, a body or an address. */
function textOf(error: unknown): string {
  const isOurs =
    error instanceof OAuthError ||
    error instanceof ZoneUnavailableError ||
    error instanceof CredentialError;
  return isOurs ? error.message : UNEXPECTED;
}

function isRetryable(error: unknown): boolean {
  if (error instanceof ZoneUnavailableError) return true;
  return error instanceof OAuthError && error.retryable;
}
