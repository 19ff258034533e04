import { beforeAll, describe, expect, it } from 'vitest';
import { DpopProofVerifier } from '../../../lib/verification/dpop/dpop-proof.verifier.js';
import {
  createProof,
  createProofKey,
  now,
  requestWith,
  URL_OF_RESOURCE,
  type ProofChanges,
  type ProofKey,
} from './proof.fixture.js';

const verifier = new DpopProofVerifier();
let key: ProofKey;
beforeAll(async () => {
  key = await createProofKey();
});

describe('a good proof', () => {
  it.each(['ES256', 'ES384', 'ES512', 'PS256', 'RS256', 'EdDSA', 'Ed25519'])(
    'may be signed with %s',
    async (algorithm) => {
      const signer = await createProofKey(algorithm);
      const proof = await createProof(signer);
      await expect(
        verifier.verify(requestWith(signer, proof)),
      ).resolves.toBeUndefined();
    },
  );

  it.each<[string, () => ProofChanges]>([
    ['unknown claims', () => ({ claims: { extra: [1], iss: 'client' } })],
    ['unknown header members', () => ({ header: { kid: 'x', jku: 'x' } })],
    [
      'hints for the use of its key',
      () => ({
        header: {
          jwk: {
            ...key.publicJwk,
            ext: true,
            alg: 'ES256',
            use: 'sig',
            key_ops: ['verify'],
          },
        },
      }),
    ],
    ['a fraction of a second', () => ({ claims: { iat: Date.now() / 1000 } })],
    ['an old time', () => ({ claims: { iat: now() - 290 } })],
    ['a time ahead', () => ({ claims: { iat: now() + 290 } })],
    [
      'an expiry to come',
      () => ({ claims: { exp: now() + 60, nbf: now() - 1 } }),
    ],
    ['a query', () => ({ claims: { htu: `${URL_OF_RESOURCE}?a=1` } })],
  ])('may have %s', async (_name, changes) => {
    const proof = await createProof(key, changes());
    await expect(
      verifier.verify(requestWith(key, proof)),
    ).resolves.toBeUndefined();
  });
});
