import type { JWK } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  isSignatureKey,
  SIGNATURE_ALGORITHMS,
} from '../../lib/verification/signature-key.js';
import { createSigner } from '../support/token-forge.js';

const rsa = createSigner('RS256').jwk;
const ec = createSigner('ES256').jwk;
const ed = createSigner('EdDSA').jwk;
const without = (key: JWK, ...names: (keyof JWK)[]): JWK => {
  const copy = { ...key };
  for (const name of names) delete copy[name];
  return copy;
};
const bare = without(rsa, 'alg', 'use', 'kid');

describe('isSignatureKey', () => {
  it.each<[string, JWK, string]>([
    ['RSA', rsa, 'RS256'],
    ['RSA without alg', bare, 'RS256'],
    ['RSA without alg', bare, 'PS512'],
    ['RSA with a leading zero', leadingZero(bare), 'RS256'],
    ['EC', ec, 'ES256'],
    ['Ed25519', ed, 'EdDSA'],
    ['Ed25519', without(ed, 'alg'), 'Ed25519'],
    ['key_ops with verify', { ...bare, key_ops: ['verify'] }, 'RS256'],
  ])('%s: %#', (_case, key, algorithm) => {
    expect(isSignatureKey(key, algorithm)).toBe(true);
  });

  it.each<[string, JWK, string]>([
    ['another alg', rsa, 'PS256'],
    ['another type', ec, 'RS256'],
    ['another curve', without(ec, 'alg'), 'ES384'],
    ['another curve of Edwards', { ...ed, crv: 'Ed448' }, 'EdDSA'],
    ['X25519', { ...ed, crv: 'X25519' }, 'EdDSA'],
    ['encryption', { ...rsa, use: 'enc' }, 'RS256'],
    ['a use nobody knows', { ...rsa, use: 'SIG' }, 'RS256'],
    ['key_ops without verify', { ...bare, key_ops: ['encrypt'] }, 'RS256'],
    ['empty key_ops', { ...bare, key_ops: [] }, 'RS256'],
    [
      'key_ops that are no list',
      { ...bare, key_ops: 'verify' as never },
      'RS256',
    ],
    ['a private key', { ...rsa, d: 'AQAB' }, 'RS256'],
    ['half a private key', { ...rsa, p: 'AQAB' }, 'RS256'],
    ['a symmetric key', { kty: 'oct', k: 'AAAA' }, 'HS256'],
    ['a symmetric key for RSA', { kty: 'oct', k: 'AAAA' }, 'RS256'],
    ['1024 bits', createSigner('RS256', 'x', 1024).jwk, 'RS256'],
    ['2047 bits', { ...rsa, n: modulus(0x7f) }, 'RS256'],
    ['2048 bits, but the first are zero', { ...rsa, n: modulus(0) }, 'RS256'],
    ['no modulus', without(rsa, 'n'), 'RS256'],
    ['a modulus of zeros', { ...rsa, n: 'AAAA' }, 'RS256'],
    ['a modulus that is no text', { ...rsa, n: 1 as never }, 'RS256'],
    ['no type', without(rsa, 'kty'), 'RS256'],
    ['alg none', rsa, 'none'],
    ['an algorithm nobody knows', without(rsa, 'alg'), 'RS1'],
    ['a member of every object', without(rsa, 'alg', 'kty'), 'constructor'],
  ])('not %s', (_case, key, algorithm) => {
    expect(isSignatureKey(key, algorithm)).toBe(false);
  });

  it('none of the algorithms is symmetric', () => {
    expect(SIGNATURE_ALGORITHMS.join(' ')).toBe(
      'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519',
    );
  });
});

function modulus(first: number): string {
  return Buffer.from([first, ...Array<number>(255).fill(0xff)]).toString(
    'base64url',
  );
}

function leadingZero(key: JWK): JWK {
  const bytes = Buffer.from(key.n!, 'base64url');
  return {
    ...key,
    n: Buffer.concat([Buffer.alloc(1), bytes]).toString('base64url'),
  };
}
