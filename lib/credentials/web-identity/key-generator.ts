import { exportJWK, exportPKCS8, generateKeyPair, type JWK } from 'jose';
import type { KeyAlgorithm } from './key-algorithm.js';
import type { StoredKey } from './key-store.interface.js';

const RSA_MODULUS_LENGTH = 2048;

/** Makes a key pair, on a thread of its own. */
export async function generateKey(
  identity: string,
  keyId: string,
  algorithm: KeyAlgorithm,
): Promise<StoredKey> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, {
    modulusLength: RSA_MODULUS_LENGTH,
    extractable: true,
  });
  return {
    keyId,
    identity,
    algorithm,
    createdAt: Date.now(),
    publicKey: describePublicKey(await exportJWK(publicKey), keyId, algorithm),
    privateKey: await exportPKCS8(privateKey),
  };
}

/** A public key as it is published: these members and no others. */
export function describePublicKey(
  { kty, crv, x, y, n, e }: JWK,
  keyId: string,
  algorithm: KeyAlgorithm,
): JWK {
  const members = kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y };
  return { ...members, kid: keyId, alg: algorithm, use: 'sig' };
}
