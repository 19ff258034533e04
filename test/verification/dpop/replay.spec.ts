import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DpopProofVerifier } from '../../../lib/verification/dpop/dpop-proof.verifier.js';
import type { DpopReplayStore } from '../../../lib/verification/dpop/dpop-replay-store.interface.js';
import { MemoryReplayStore } from '../../../lib/verification/dpop/memory-replay-store.js';
import {
  createProof,
  createProofKey,
  now,
  requestWith,
  type ProofKey,
} from './proof.fixture.js';

const REPLAY = { code: 'ERR_INVALID_DPOP_PROOF', reason: 'replay' };

let key: ProofKey;
beforeEach(async () => {
  key = await createProofKey();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a proof', () => {
  it('is good once', async () => {
    const verifier = new DpopProofVerifier();
    const request = requestWith(key, await createProof(key));
    await verifier.verify(request);
    await expect(verifier.verify(request)).rejects.toMatchObject(REPLAY);
  });

  it('is good once when it comes twice at once', async () => {
    const verifier = new DpopProofVerifier();
    const request = requestWith(key, await createProof(key));
    const outcomes = await Promise.allSettled([
      verifier.verify(request),
      verifier.verify(request),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'rejected',
    ]);
  });

  it('is a replay whatever else differs, when id and key are the same', async () => {
    const verifier = new DpopProofVerifier();
    const claims = { jti: 'one' };
    await verifier.verify(requestWith(key, await createProof(key, { claims })));
    const again = await createProof(key, {
      claims: { ...claims, iat: now() - 5 },
    });
    await expect(
      verifier.verify(requestWith(key, again)),
    ).rejects.toMatchObject(REPLAY);
  });

  it('may have the id of a proof with another key', async () => {
    const verifier = new DpopProofVerifier();
    const claims = { jti: 'one' };
    const other = await createProofKey();
    await verifier.verify(requestWith(key, await createProof(key, { claims })));
    await verifier.verify(
      requestWith(other, await createProof(other, { claims })),
    );
  });

  it.each([
    ['another method', { method: 'GET' }],
    ['another URL', { url: 'https://mcp.example.com/other' }],
    ['another token', { accessToken: 'stolen' }],
    ['another binding', { boundKeyThumbprint: 'x'.repeat(43) }],
  ])('is not used up by a request with %s', async (_name, changes) => {
    const verifier = new DpopProofVerifier();
    const proof = await createProof(key);
    await expect(
      verifier.verify(requestWith(key, proof, changes)),
    ).rejects.toThrow();
    await verifier.verify(requestWith(key, proof));
  });
});

const storeOf = (claim: DpopReplayStore['claim']) => {
  const calls: [key: string, ttlMs: number][] = [];
  const replayStore: DpopReplayStore = {
    claim: (...call) => {
      calls.push(call);
      return claim(...call);
    },
  };
  return { calls, verifier: new DpopProofVerifier({ replayStore }) };
};

describe('a replay store', () => {
  it.each([
    ['a promise', () => Promise.resolve(false)],
    ['an answer', () => false],
  ])('may say with %s that a proof was used', async (_name, claim) => {
    const { verifier } = storeOf(claim);
    await expect(
      verifier.verify(requestWith(key, await createProof(key))),
    ).rejects.toMatchObject(REPLAY);
  });

  it('refuses the request by throwing', async () => {
    const { verifier } = storeOf(() => Promise.reject(new Error('down')));
    await expect(
      verifier.verify(requestWith(key, await createProof(key))),
    ).rejects.toThrow('down');
  });

  it('is told a digest, and a time that outlasts the proof', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 });
    const { calls, verifier } = storeOf(() => true);
    for (const iat of [now(), now() + 300, now() - 300]) {
      const proof = await createProof(key, { claims: { jti: 'one', iat } });
      await verifier.verify(requestWith(key, proof));
    }
    expect(calls.map(([, ttl]) => ttl)).toEqual([301_000, 601_000, 1_000]);
    expect(calls[0]![0]).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(new Set(calls.map(([digest]) => digest)).size).toBe(1);
  });
});

describe('MemoryReplayStore', () => {
  it('forgets the oldest when it is full', () => {
    const store = new MemoryReplayStore(2);
    expect(store.claim('a', 1_000_000)).toBe(true);
    expect(store.claim('b', 1_000_000)).toBe(true);
    expect(store.claim('c', 1_000_000)).toBe(true);
    expect(store.claim('b', 1_000_000)).toBe(false);
    expect(store.claim('a', 1_000_000)).toBe(true);
    expect(store.claim('c', 1_000_000)).toBe(false);
    expect(store.claim('b', 1_000_000)).toBe(true);
  });

  it('forgets a proof after its time, however often it was replayed', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 });
    const store = new MemoryReplayStore();
    store.claim('a', 1_000);
    vi.setSystemTime(1_800_000_000_999);
    expect(store.claim('a', 1_000)).toBe(false);
    vi.setSystemTime(1_800_000_001_000);
    expect(store.claim('a', 1_000)).toBe(true);
  });

  it.each([0, -1, 1.5, Number.NaN, Infinity])(
    'refuses a size of %s',
    (maxProofs) => {
      expect(() => new MemoryReplayStore(maxProofs)).toThrow(
        expect.objectContaining({ code: 'ERR_DPOP_CONFIGURATION' }),
      );
    },
  );
});
