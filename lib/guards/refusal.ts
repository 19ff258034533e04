import type { KeycardException } from './exceptions/keycard.exception.js';
import { writeChallenge } from './challenge.js';

/** A refusal as it goes over the wire. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** The answer to a refused request; never cached, always JSON. */
export function toRefusal(exception: KeycardException): Refusal {
  const { challenges, retryAfter, dpopNonce } = exception;
  return {
    status: exception.getStatus(),
    headers: {
      'cache-control': 'no-store',
      ...(challenges.length > 0 && {
        'www-authenticate': challenges.map(writeChallenge).join(', '),
      }),
      ...(dpopNonce !== undefined && { 'dpop-nonce': dpopNonce }),
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    },
    body: exception.getResponse() as object,
  };
}
