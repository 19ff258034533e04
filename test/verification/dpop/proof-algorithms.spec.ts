import { createHmac, generateKeyPairSync } from 'node:crypto';
import { exportJWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { DpopProofVerifier } from '../../../lib/verification/dpop/dpop-proof.verifier.js';
import {
  createClaims,
  createProof,
  createProofKey,
  forge,
  refusalOf,
  requestWith,
  type ProofKey,
} from './proof.fixture.js';

let key: ProofKey;
let rsa: ProofKey;
beforeAll(async () => {
  key = await createProofKey();
  rsa = await createProofKey('RS256');
});
const refuse = (proof: string) => refusalOf(requestWith(key, proof));

describe('sep-1932-asymmetric-alg-only', () => {
  it.each(['none', 'None', 'NONE', 'nOnE', 'HS256', 'HS512', 'A128KW', '', 5])(
    'refuses %j',
    async (alg) => {
      const header = { typ: 'dpop+jwt', alg, jwk: key.publicJwk };
      expect(await refuse(forge(header, await createClaims(key), 'AA'))).toBe(
        'algorithm',
      );
    },
  );

  it('refuses a MAC made with the public key', async () => {
    const header = { typ: 'dpop+jwt', alg: 'HS256', jwk: key.publicJwk };
    const unsigned = forge(header, await createClaims(key), '').slice(0, -1);
    const signature = createHmac('sha256', JSON.stringify(key.publicJwk))
      .update(unsigned)
      .digest('base64url');
    expect(await refuse(`${unsigned}.${signature}`)).toBe('algorithm');
  });

  it('refuses an algorithm that is not on the list', async () => {
    const strict = new DpopProofVerifier({ algorithms: ['ES256'] });
    await expect(
      strict.verify(requestWith(rsa, await createProof(rsa))),
    ).rejects.toMatchObject({ reason: 'algorithm' });
  });

  it('refuses an RSA key of 1024 bits', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const header = {
      typ: 'dpop+jwt',
      alg: 'RS256',
      jwk: await exportJWK(publicKey),
    };
    expect(await refuse(forge(header, await createClaims(key), 'AA'))).toBe(
      'key',
    );
  });

  it.each([
    ['modulus', { n: 'A'.repeat(10).padEnd(3_000, 'x') }],
    ['exponent', { e: 'x'.repeat(300) }],
  ])('refuses an RSA key with a huge %s', async (_name, member) => {
    const jwk = { ...rsa.publicJwk, ...member };
    const header = { typ: 'dpop+jwt', alg: 'RS256', jwk };
    expect(await refuse(forge(header, await createClaims(key), 'AA'))).toBe(
      'key',
    );
  });
});
