import { createPrivateKey, createPublicKey } from 'node:crypto';
import { importPKCS8, type CryptoKey, type JWK } from 'jose';
import type { KeyAlgorithm } from './key-algorithm.js';
import { describePublicKey } from './key-generator.js';
import { KeyStoreError } from './key-store.error.js';
import type { StoredKey } from './key-store.interface.js';
import {
  DAMAGED_KEY,
  NOT_A_KEY,
  OTHER_KEY,
  WEAK_KEY,
} from './web-identity.messages.js';

const MIN_RSA_MODULUS_LENGTH = 2048;

/** A key ready to sign with. The private half cannot be taken out again. */
export interface SigningKey {
  readonly keyId: string;
  readonly algorithm: KeyAlgorithm;
  readonly createdAt: number;
  readonly publicKey: JWK;
  readonly privateKey: CryptoKey;
}

/**
 * Imports a stored key. What is published is derived from the private key, so
 * the two cannot differ.
 *
 * @throws KeyStoreError with reason `damaged`
 */
export async function importKey(stored: StoredKey): Promise<SigningKey> {
  const { keyId, algorithm, createdAt } = stored;
  const damaged = (reason: string) =>
    new KeyStoreError(
      'damaged',
      keyId,
      DAMAGED_KEY(keyId, 'the key store', reason),
    );
  const imported = await open(stored).catch(() => undefined);
  if (!imported) throw damaged(NOT_A_KEY);
  const { privateKey, publicKey, modulusLength } = imported;
  if (modulusLength !== undefined && modulusLength < MIN_RSA_MODULUS_LENGTH) {
    throw damaged(WEAK_KEY);
  }
  if (!isSameKey(publicKey, stored.publicKey)) throw damaged(OTHER_KEY);
  return { keyId, algorithm, createdAt, publicKey, privateKey };
}

async function open({ keyId, algorithm, privateKey: pem }: StoredKey) {
  const key = createPrivateKey(pem);
  const jwk = createPublicKey(key).export({ format: 'jwk' });
  return {
    modulusLength: key.asymmetricKeyDetails?.modulusLength,
    publicKey: describePublicKey(jwk, keyId, algorithm),
    privateKey: await importPKCS8(pem, algorithm),
  };
}

function isSameKey(derived: JWK, described: JWK): boolean {
  return (['kty', 'n', 'e', 'crv', 'x', 'y'] as const).every(
    (member) => derived[member] === described[member],
  );
}
