import { beforeAll, describe, expect, it } from 'vitest';
import type { DpopProofRequest } from '../../../lib/verification/dpop/dpop-proof-request.interface.js';
import type { InvalidDpopProofReason } from '../../../lib/verification/dpop/invalid-dpop-proof.error.js';
import {
  createProof,
  createProofKey,
  now,
  refusalOf,
  requestWith,
  URL_OF_RESOURCE,
  type ProofChanges,
  type ProofKey,
} from './proof.fixture.js';

let key: ProofKey;
let other: ProofKey;
let rsa: ProofKey;
beforeAll(async () => {
  key = await createProofKey();
  other = await createProofKey();
  rsa = await createProofKey('RS256');
});
const refuse = (
  proofs: string | readonly string[],
  changes: Partial<DpopProofRequest> = {},
) => refusalOf(requestWith(key, proofs, changes));

describe('sep-1932-server-validate-proof', () => {
  it.each<[string, InvalidDpopProofReason, () => ProofChanges]>([
    ['missing-jti', 'claims', () => ({ claims: { jti: undefined } })],
    ['missing-htm', 'claims', () => ({ claims: { htm: undefined } })],
    ['missing-htu', 'claims', () => ({ claims: { htu: undefined } })],
    ['missing-iat', 'claims', () => ({ claims: { iat: undefined } })],
    ['ath-absent', 'claims', () => ({ claims: { ath: undefined } })],
    ['empty jti', 'claims', () => ({ claims: { jti: '' } })],
    ['jti as number', 'claims', () => ({ claims: { jti: 5 } })],
    ['htm as list', 'claims', () => ({ claims: { htm: ['POST'] } })],
    ['htu as list', 'claims', () => ({ claims: { htu: [URL_OF_RESOURCE] } })],
    ['iat as text', 'claims', () => ({ claims: { iat: String(now()) } })],
    ['iat of zero', 'claims', () => ({ claims: { iat: 0 } })],
    ['exp as text', 'claims', () => ({ claims: { exp: 'never' } })],
    ['nbf as null', 'claims', () => ({ claims: { nbf: null } })],
    ['nonce as number', 'claims', () => ({ claims: { nonce: 5 } })],
    ['missing-typ', 'type', () => ({ header: { typ: undefined } })],
    ['wrong-typ', 'type', () => ({ header: { typ: 'JWT' } })],
    ['access token typ', 'type', () => ({ header: { typ: 'at+jwt' } })],
    ['long typ', 'type', () => ({ header: { typ: 'application/dpop+jwt' } })],
    ['typ in capitals', 'type', () => ({ header: { typ: 'DPoP+JWT' } })],
    ['zip', 'critical', () => ({ header: { zip: 'DEF' } })],
    ['missing-jwk', 'key', () => ({ header: { jwk: undefined } })],
    ['jwk null', 'key', () => ({ header: { jwk: null } })],
    ['jwk list', 'key', () => ({ header: { jwk: [key.publicJwk] } })],
    ['jwk of another type', 'key', () => ({ header: { jwk: rsa.publicJwk } })],
    [
      'jwk for encryption',
      'key',
      () => ({ header: { jwk: { ...key.publicJwk, use: 'enc' } } }),
    ],
    [
      'jwk for another algorithm',
      'key',
      () => ({ header: { jwk: { ...key.publicJwk, alg: 'ES384' } } }),
    ],
    [
      'jwk off the curve',
      'key',
      () => ({ header: { jwk: { ...key.publicJwk, y: key.publicJwk.x } } }),
    ],
    [
      'jwk with a padded coordinate',
      'key',
      () => ({
        header: { jwk: { ...key.publicJwk, x: `${key.publicJwk.x}=` } },
      }),
    ],
    [
      'jwk without a coordinate',
      'key',
      () => ({ header: { jwk: { ...key.publicJwk, y: undefined } } }),
    ],
    [
      'private-key-in-jwk',
      'private_key',
      () => ({ header: { jwk: key.privateJwk } }),
    ],
    [
      'symmetric key in jwk',
      'private_key',
      () => ({ header: { jwk: { kty: 'oct', k: 'c2VjcmV0' } } }),
    ],
    [
      'part of a private RSA key in jwk',
      'private_key',
      () => ({ header: { jwk: { ...key.publicJwk, dp: 'AQAB' } } }),
    ],
    [
      'signed with another key',
      'signature',
      () => ({ header: { jwk: other.publicJwk } }),
    ],
    ['htm-mismatch', 'method', () => ({ claims: { htm: 'GET' } })],
    ['htm in lower case', 'method', () => ({ claims: { htm: 'post' } })],
    [
      'htu-mismatch',
      'target',
      () => ({ claims: { htu: 'https://mcp.example.com/other' } }),
    ],
    ['htu no URL', 'target', () => ({ claims: { htu: '/mcp' } })],
    ['expired', 'time', () => ({ claims: { exp: now() - 60 } })],
    ['not yet valid', 'time', () => ({ claims: { nbf: now() + 120 } })],
    ['wrong-ath', 'access_token', () => ({ claims: { ath: 'wrong' } })],
  ])('%s: %s', async (_name, reason, changes) => {
    expect(await refuse(await createProof(key, changes()))).toBe(reason);
  });

  it('cnf.jkt mismatch', async () => {
    const proof = await createProof(other);
    expect(await refuse(proof)).toBe('thumbprint');
  });

  it.each([undefined, '', 'x'.repeat(43)])(
    'fits no token that is bound to %j',
    async (boundKeyThumbprint) => {
      const proof = await createProof(key);
      expect(await refuse(proof, { boundKeyThumbprint })).toBe('thumbprint');
    },
  );

  it('wrong-ath: made for another token', async () => {
    const proof = await createProof(key);
    expect(await refuse(proof, { accessToken: 'stolen' })).toBe('access_token');
  });

  it('no proof', async () => {
    expect(await refuse([])).toBe('missing');
  });

  it('duplicate-dpop-header', async () => {
    const [one, two] = [await createProof(key), await createProof(key)];
    expect(await refuse([one, two])).toBe('multiple');
    expect(await refuse([one, one])).toBe('multiple');
    expect(await refuse(`${one}, ${two}`)).toBe('malformed');
  });
});
