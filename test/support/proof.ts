import { createHash, randomUUID } from 'node:crypto';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWK,
} from 'jose';

/** A client that can prove it holds a key. */
export interface Prover {
  readonly thumbprint: string;
  readonly jwk: JWK;
  /** The `DPoP` header of one request. */
  prove(
    method: string,
    url: string,
    token: string,
    extra?: Record<string, unknown>,
  ): Promise<string>;
}

export async function createProver(): Promise<Prover> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  return {
    jwk,
    thumbprint: await calculateJwkThumbprint(jwk),
    prove: (method, url, token, extra = {}) =>
      sign(privateKey, jwk, {
        htm: method,
        htu: url,
        ath: hash(token),
        ...extra,
      }),
  };
}

const hash = (token: string) =>
  createHash('sha256').update(token).digest('base64url');

function sign(key: CryptoKey, jwk: JWK, claims: Record<string, unknown>) {
  const iat = Math.floor(Date.now() / 1000);
  return new SignJWT({ jti: randomUUID(), iat, ...claims })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
    .sign(key);
}
