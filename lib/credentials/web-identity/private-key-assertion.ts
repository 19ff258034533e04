import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { ServerMetadata } from '../../oauth/server-metadata.js';
import { CredentialError } from '../credential.error.js';
import type { SigningKey } from './signing-key.js';
import { NO_ASSERTION_AUDIENCE } from './web-identity.messages.js';

/** Seconds an assertion is good for: the most that zones accept. */
const LIFETIME = 300;

/**
 * Whom an assertion is for.
 *
 * @publicApi
 */
export type AssertionAudience = 'token_endpoint' | 'issuer';

/**
 * Signs an assertion for one request.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-3
 */
export function signAssertion(
  clientId: string,
  audience: string,
  { keyId, algorithm, privateKey }: SigningKey,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: algorithm, typ: 'JWT', kid: keyId })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(audience)
    .setJti(randomUUID())
    .setIssuedAt(now)
    .setExpirationTime(now + LIFETIME)
    .sign(privateKey);
}

/** @throws CredentialError when the server has no such address */
export function audienceOf(
  server: ServerMetadata,
  audience: AssertionAudience,
): string {
  if (audience === 'issuer') return server.issuer;
  if (typeof server.token_endpoint === 'string') return server.token_endpoint;
  throw new CredentialError(NO_ASSERTION_AUDIENCE);
}
