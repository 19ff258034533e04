import { sign } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createProof,
  createProofKey,
  forge,
  refusalOf,
  requestWith,
  type ProofKey,
} from './proof.fixture.js';

let key: ProofKey;
beforeAll(async () => {
  key = await createProofKey();
});
const refuse = (proofs: string | readonly string[]) =>
  refusalOf(requestWith(key, proofs));

describe('sep-1932-server-validate-proof: the form', () => {
  it('tampered-signature', async () => {
    const [header, claims, signature] = (await createProof(key)).split('.');
    const bytes = Buffer.from(signature!, 'base64url');
    bytes[0]! ^= 1;
    const tampered = bytes.toString('base64url');
    expect(await refuse(`${header}.${claims}.${tampered}`)).toBe('signature');
  });

  it('tampered claims', async () => {
    const [header, , signature] = (await createProof(key)).split('.');
    const [, claims] = (await createProof(key)).split('.');
    expect(await refuse(`${header}.${claims}.${signature}`)).toBe('signature');
  });

  it.each([
    ['r = s = 0', 64],
    ['one byte', 1],
  ])('signature of %s', async (_name, length) => {
    const [header, claims] = (await createProof(key)).split('.');
    const signature = Buffer.alloc(length).toString('base64url');
    expect(await refuse(`${header}.${claims}.${signature}`)).toBe('signature');
  });

  it('signature in DER', async () => {
    const [header, claims] = (await createProof(key)).split('.');
    const signature = sign('sha256', Buffer.from(`${header}.${claims}`), {
      key: key.privateJwk as never,
      format: 'jwk',
    }).toString('base64url');
    expect(await refuse(`${header}.${claims}.${signature}`)).toBe('signature');
  });

  it.each<[string, (proof: string) => string]>([
    ['not a JWT', () => 'not-a-jwt'],
    ['nothing', () => ''],
    ['two parts', (proof) => proof.split('.').slice(0, 2).join('.')],
    ['four parts', (proof) => `${proof}.x`],
    ['an empty signature', (proof) => `${proof.split('.', 2).join('.')}.`],
    ['a blank', (proof) => ` ${proof}`],
    ['padding', (proof) => proof.replace('.', '=.')],
    ['JSON serialization', () => '{"payload":"","signatures":[]}'],
    ['a header that is no object', () => forge([], {}, 'AA')],
    ['claims that are no object', () => forge({}, '"text"', 'AA')],
    ['claims that are no JSON', () => forge({}, '{', 'AA')],
    ['two typ', () => forge('{"typ":"a","typ":"b"}', {}, 'AA')],
    ['two htu', () => forge({}, '{"htu":"a","htu":"b"}', 'AA')],
    ['16 KB and more', (proof) => proof + 'A'.repeat(16_384)],
  ])('malformed-not-a-jwt: %s', async (_name, change) => {
    expect(await refuse(change(await createProof(key)))).toBe('malformed');
  });

  it.each([
    ['crit', { crit: ['b64'], b64: true }],
    ['b64', { b64: false }],
    ['an empty crit', { crit: [] }],
  ])('refuses %s', async (_name, members) => {
    const [, claims] = (await createProof(key)).split('.');
    const header = {
      typ: 'dpop+jwt',
      alg: 'ES256',
      jwk: key.publicJwk,
      ...members,
    };
    const json = Buffer.from(claims!, 'base64url').toString();
    expect(await refuse(forge(header, json, 'AA'))).toBe('critical');
  });
});
