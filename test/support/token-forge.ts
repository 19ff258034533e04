import {
  constants,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';
import type { JWK } from 'jose';

/** A key pair that tokens are signed with. */
export interface Signer {
  readonly alg: string;
  readonly kid: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  /** As it is published. */
  readonly jwk: JWK;
}

type Algorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA';

export function createSigner(
  alg: Algorithm = 'RS256',
  kid = 'key-1',
  bits = 2048,
): Signer {
  const { publicKey, privateKey } = generatePair(alg, bits);
  const jwk = {
    ...publicKey.export({ format: 'jwk' }),
    kid,
    alg,
    use: 'sig',
  } as JWK;
  return { alg, kid, publicKey, privateKey, jwk };
}

function generatePair(alg: Algorithm, modulusLength: number) {
  if (alg === 'ES256') {
    return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  }
  if (alg === 'EdDSA') return generateKeyPairSync('ed25519');
  return generateKeyPairSync('rsa', { modulusLength });
}

export function base64url(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return Buffer.from(text).toString('base64url');
}

/**
 * A compact JWS of anything: objects become JSON, texts are taken as they are,
 * so that a test can write what no serializer would.
 */
export function forge(
  signer: Signer,
  claims: unknown,
  header: unknown = { alg: signer.alg, kid: signer.kid },
): string {
  const input = `${base64url(header)}.${base64url(claims)}`;
  return `${input}.${signature(signer, input)}`;
}

export function signature(signer: Signer, input: string): string {
  return signBytes(signer, Buffer.from(input)).toString('base64url');
}

function signBytes({ alg, privateKey: key }: Signer, input: Buffer): Buffer {
  switch (alg) {
    case 'ES256':
      return sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' });
    case 'EdDSA':
      return sign(null, input, key);
    case 'PS256':
      return sign('sha256', input, {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: 32,
      });
    default:
      return sign('sha256', input, key);
  }
}
