import { beforeAll, describe, expect, it } from 'vitest';
import { DpopProofVerifier } from '../../../lib/verification/dpop/dpop-proof.verifier.js';
import type { InvalidDpopProofError } from '../../../lib/verification/dpop/invalid-dpop-proof.error.js';
import {
  createProof,
  createProofKey,
  now,
  refusalOf,
  requestWith,
  type ProofKey,
} from './proof.fixture.js';

const verifier = new DpopProofVerifier();
let key: ProofKey;
let other: ProofKey;
beforeAll(async () => {
  key = await createProofKey();
  other = await createProofKey();
});

describe('sep-1932-server-iat-window', () => {
  it.each([
    ['stale', -310],
    ['future', 310],
    ['of 1970', 1 - now()],
    ['of milliseconds', now() * 1000 - now()],
  ])('%s', async (_name, offset) => {
    const proof = await createProof(key, { claims: { iat: now() + offset } });
    expect(await refusalOf(requestWith(key, proof))).toBe('time');
  });

  it('may be set', async () => {
    const strict = new DpopProofVerifier({ maxAge: 10 });
    const proof = await createProof(key, { claims: { iat: now() - 20 } });
    await expect(strict.verify(requestWith(key, proof))).rejects.toMatchObject({
      reason: 'time',
    });
  });
});

describe('a refusal', () => {
  it('quotes nothing of the proof', async () => {
    const proof = await createProof(other);
    const error = (await verifier
      .verify(requestWith(key, proof))
      .catch((reason: unknown) => reason)) as InvalidDpopProofError;
    expect(error).toMatchObject({
      name: 'InvalidDpopProofError',
      code: 'ERR_INVALID_DPOP_PROOF',
      message: 'the access token is not bound to the key of the DPoP proof',
    });
    expect(Object.keys(error).sort()).toEqual(['code', 'name', 'reason']);
    expect(error.cause).toBeUndefined();
  });
});

describe('the options', () => {
  it.each([
    [{ algorithms: [] }],
    [{ algorithms: ['ES256', 'HS256'] }],
    [{ algorithms: ['none'] }],
    [{ maxAge: 0 }],
    [{ maxAge: -1 }],
    [{ maxAge: Number.NaN }],
    [{ maxAge: Infinity }],
    [{ nonce: { required: true, secret: 'short' } }],
  ])('refuse %j at boot', (options) => {
    expect(() => new DpopProofVerifier(options)).toThrow(
      expect.objectContaining({
        name: 'DpopConfigurationError',
        code: 'ERR_DPOP_CONFIGURATION',
      }),
    );
  });

  it('tell which algorithms are accepted', () => {
    expect(verifier.algorithms).not.toHaveLength(0);
    expect(Object.isFrozen(verifier.algorithms)).toBe(true);
    expect(new DpopProofVerifier({ algorithms: ['EdDSA'] }).algorithms).toEqual(
      ['EdDSA'],
    );
  });
});
