import type { JWTPayload } from 'jose';
import { InvalidTokenError } from './invalid-token.error.js';

/**
 * Refuses a token that is bound to something nobody is going to look at.
 * Whoever stole a bound token can send it, too; only a proof tells.
 *
 * @param acceptsKeys whether a DPoP key is proved afterwards
 * @throws InvalidTokenError with reason `bound`
 * @see https://www.rfc-editor.org/rfc/rfc7800#section-3
 */
export function assertConfirmable(
  { cnf }: JWTPayload,
  acceptsKeys: boolean,
): void {
  if (cnf === undefined) return;
  // A DPoP key and nothing else: a certificate, say, is never looked at.
  const isKey =
    typeof cnf === 'object' &&
    cnf !== null &&
    Object.keys(cnf).join() === 'jkt';
  if (!acceptsKeys || !isKey) throw new InvalidTokenError('bound');
}
