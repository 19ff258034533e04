import { compactVerify, importJWK, type JWK } from 'jose';
import { InvalidDpopProofError } from './invalid-dpop-proof.error.js';

/**
 * Checks the signature of a proof with the proof's own key. Causes of failures
 * are dropped: they may quote the proof.
 *
 * @throws InvalidDpopProofError with reason `key` or `signature`
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.3
 */
export async function checkProofSignature(
  proof: string,
  key: JWK,
  algorithm: string,
): Promise<void> {
  const imported = await importJWK(key, algorithm).catch(() => {
    throw new InvalidDpopProofError('key');
  });
  await compactVerify(proof, imported, { algorithms: [algorithm] }).catch(
    () => {
      throw new InvalidDpopProofError('signature');
    },
  );
}
