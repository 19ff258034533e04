import { compactVerify, type CryptoKey } from 'jose';
import { InvalidTokenError } from './invalid-token.error.js';
import type { KeySet } from './key-set.js';
import type { TokenHeader } from './token-header.js';

/**
 * Makes sure that a token is signed with a key of the set.
 *
 * @throws InvalidTokenError with reason `key` or `signature`
 * @throws whatever keeps the key set from being read
 */
export async function assertSignature(
  token: string,
  { kid, alg }: TokenHeader,
  keySet: KeySet,
): Promise<void> {
  const keys = await keySet.find(kid, alg);
  if (keys.length === 0) throw new InvalidTokenError('key');
  if (await isSignedWith(keys, token, alg)) return;
  // The issuer may have put another key under the same id.
  if (await keySet.refresh().catch(() => false)) {
    if (await isSignedWith(await keySet.find(kid, alg), token, alg)) return;
  }
  throw new InvalidTokenError('signature');
}

async function isSignedWith(
  keys: readonly CryptoKey[],
  token: string,
  algorithm: string,
): Promise<boolean> {
  for (const key of keys) {
    try {
      await compactVerify(token, key, { algorithms: [algorithm] });
      return true;
    } catch {
      // Another key of the same id may fit.
    }
  }
  return false;
}
