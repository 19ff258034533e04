import type { TokenSourceName } from './token-source.interface.js';
import { WorkloadIdentityError } from './workload-identity.error.js';
import {
  BLANK_TOKEN,
  MALFORMED_TOKEN,
  NO_TOKEN,
} from './workload-identity.messages.js';

/** Longest token passed on, in characters. */
export const MAX_TOKEN_LENGTH = 16_384;

// A page of HTML or a file of something else must not travel to a zone.
const PRINTABLE = /^[\x21-\x7e]+$/;

/**
 * A token as it is sent: text, without the blanks and line breaks that files
 * have at their end.
 *
 * @throws WorkloadIdentityError
 */
export function toPlatformToken(
  value: unknown,
  source: TokenSourceName,
): string {
  if (typeof value !== 'string') {
    throw new WorkloadIdentityError(source, NO_TOKEN);
  }
  const token = value.trim();
  if (token === '') throw new WorkloadIdentityError(source, BLANK_TOKEN);
  if (token.length > MAX_TOKEN_LENGTH || !PRINTABLE.test(token)) {
    throw new WorkloadIdentityError(source, MALFORMED_TOKEN);
  }
  return token;
}
