import { OAuthProtocolError } from '../../oauth/errors/oauth-protocol.error.js';

// What stays as it is until somebody changes something at the zone. A missing
// user grant is not among them: the user may be giving it right now.
const FINAL_REFUSALS = new Set([
  'access_denied',
  'invalid_target',
  'invalid_scope',
  'invalid_grant',
  'unauthorized_client',
]);

/** Whether asking again in a moment would only be answered the same. */
export function isFinalRefusal(error: unknown): error is OAuthProtocolError {
  return (
    error instanceof OAuthProtocolError &&
    !error.retryable &&
    FINAL_REFUSALS.has(error.error)
  );
}
