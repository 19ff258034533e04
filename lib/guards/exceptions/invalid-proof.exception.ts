import type { Challenge } from '../challenge.js';
import { PROOF_NOT_ACCEPTED } from '../guards.messages.js';
import { KeycardException } from './keycard.exception.js';

/**
 * The token is bound to a key, and the request does not prove that its sender
 * holds it. Which check failed is in the cause, not in the answer.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-7.1
 * @publicApi
 */
export class InvalidProofException extends KeycardException {
  constructor(
    error: 'invalid_token' | 'invalid_dpop_proof' | 'use_dpop_nonce',
    challenge: Pick<Challenge, 'algorithms' | 'scopes' | 'metadataUrl'>,
    extra: { readonly nonce?: string; readonly cause?: unknown } = {},
  ) {
    super(
      401,
      { error, error_description: PROOF_NOT_ACCEPTED },
      {
        challenges: [
          {
            ...challenge,
            scheme: 'DPoP',
            error,
            description: PROOF_NOT_ACCEPTED,
          },
        ],
        dpopNonce: extra.nonce,
        cause: extra.cause,
      },
    );
  }
}
