import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DpopNonceRequiredError } from '../../../lib/verification/dpop/dpop-nonce-required.error.js';
import { DpopNonces } from '../../../lib/verification/dpop/dpop-nonces.js';
import { DpopProofVerifier } from '../../../lib/verification/dpop/dpop-proof.verifier.js';
import { createProof, createProofKey, requestWith } from './proof.fixture.js';

const SECRET = 'a secret of thirty-two bytes or more';
const START = 1_800_000_000_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('DpopNonces', () => {
  it('accepts the current nonce and the one before', () => {
    const nonces = new DpopNonces({ required: true, rotation: 60 });
    const nonce = nonces.current();
    expect(nonces.accepts(nonce)).toBe(true);
    vi.setSystemTime(START + 60_000);
    expect(nonces.current()).not.toBe(nonce);
    expect(nonces.accepts(nonce)).toBe(true);
    vi.setSystemTime(START + 120_000);
    expect(nonces.accepts(nonce)).toBe(false);
  });

  it('keeps one nonce for a whole period', () => {
    const nonces = new DpopNonces({ required: true, rotation: 60 });
    const nonce = nonces.current();
    vi.setSystemTime(START + 59_000);
    expect(nonces.current()).toBe(nonce);
  });

  it('does not accept a nonce of the next period', () => {
    const options = { required: true, secret: SECRET, rotation: 60 };
    vi.setSystemTime(START + 60_000);
    const next = new DpopNonces(options).current();
    vi.setSystemTime(START);
    expect(new DpopNonces(options).accepts(next)).toBe(false);
  });

  it('shares nonces between replicas with one secret only', () => {
    const nonce = new DpopNonces({ required: true, secret: SECRET }).current();
    const replica = { required: true, secret: Buffer.from(SECRET) };
    expect(new DpopNonces(replica).accepts(nonce)).toBe(true);
    expect(new DpopNonces({ required: true }).accepts(nonce)).toBe(false);
  });

  it('is written with the characters the header allows', () => {
    expect(new DpopNonces({ required: true }).current()).toMatch(
      /^[A-Za-z0-9_-]{43}$/,
    );
  });

  it.each(['', 'x', 'ü'.repeat(43), 'x'.repeat(43), 'x'.repeat(10_000)])(
    'does not accept %j',
    (nonce) => {
      expect(new DpopNonces({ required: true }).accepts(nonce)).toBe(false);
    },
  );

  it('does not show its secret', () => {
    const nonces = new DpopNonces({ required: true, secret: SECRET });
    expect(JSON.stringify(nonces)).not.toContain('secret');
    expect(Object.values(nonces)).toEqual([true, 300]);
  });

  it.each([
    [{ required: true, secret: 'short' }],
    [{ required: true, secret: '' }],
    [{ required: true, secret: new Uint8Array(31) }],
    [{ required: true, rotation: 0 }],
    [{ required: true, rotation: -1 }],
    [{ required: true, rotation: Number.NaN }],
    [{ required: true, rotation: Infinity }],
  ])('refuses %j at boot', (options) => {
    expect(() => new DpopNonces(options)).toThrow(
      expect.objectContaining({ code: 'ERR_DPOP_CONFIGURATION' }),
    );
  });
});

const verify = async (
  verifier: DpopProofVerifier,
  claims: Record<string, unknown>,
) => {
  const key = await createProofKey();
  const proof = await createProof(key, { claims });
  await verifier.verify(requestWith(key, proof));
};

describe('sep-1932-server-nonce', () => {
  it.each([
    ['no nonce', undefined],
    ['a wrong nonce', 'wrong'],
  ])('demands a nonce of a proof with %s', async (_name, nonce) => {
    const verifier = new DpopProofVerifier({ nonce: { required: true } });
    const error: unknown = await verify(verifier, { nonce }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(DpopNonceRequiredError);
    expect(error).toMatchObject({
      code: 'ERR_DPOP_NONCE_REQUIRED',
      nonce: verifier.currentNonce(),
    });
    await verify(verifier, { nonce: (error as DpopNonceRequiredError).nonce });
  });

  it('demands a new nonce when the old one is too old', async () => {
    const verifier = new DpopProofVerifier({
      nonce: { required: true, rotation: 60 },
    });
    const nonce = verifier.currentNonce();
    vi.setSystemTime(START + 60_000);
    await verify(verifier, { nonce });
    vi.setSystemTime(START + 120_000);
    await expect(verify(verifier, { nonce })).rejects.toMatchObject({
      nonce: verifier.currentNonce(),
    });
  });

  it('accepts none, but not a wrong one, when none is required', async () => {
    const verifier = new DpopProofVerifier({ nonce: { required: false } });
    await verify(verifier, {});
    await verify(verifier, { nonce: verifier.currentNonce() });
    await expect(verify(verifier, { nonce: 'wrong' })).rejects.toBeInstanceOf(
      DpopNonceRequiredError,
    );
  });

  it('ignores nonces where they are not in use', async () => {
    const verifier = new DpopProofVerifier();
    expect(verifier.currentNonce()).toBeUndefined();
    await verify(verifier, { nonce: 'of somebody else' });
  });

  it('hands no nonce to a proof that is wrong otherwise', async () => {
    const verifier = new DpopProofVerifier({ nonce: { required: true } });
    await expect(verify(verifier, { htm: 'GET' })).rejects.toMatchObject({
      reason: 'method',
    });
  });
});
