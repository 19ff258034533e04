import { hash } from 'node:crypto';

declare const digested: unique symbol;

/**
 * The first eight hexadecimal digits of a token's SHA-256: enough to find the
 * events of one token, too little to be one. Only {@link digestOf} makes them,
 * so that a token cannot be assigned where a digest is expected.
 *
 * @publicApi
 */
export type TokenDigest = string & { readonly [digested]: true };

const LENGTH = 8;

/** The one form in which a token may appear in an event or a log line. */
export function digestOf(token: string): TokenDigest {
  return hash('sha256', token).slice(0, LENGTH) as TokenDigest;
}
