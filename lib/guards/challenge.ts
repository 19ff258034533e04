import { isScope } from '../oauth/scopes.js';

/** What a `WWW-Authenticate` header tells the client. */
export interface Challenge {
  /** @default 'Bearer' */
  readonly scheme?: 'Bearer' | 'DPoP';
  /** Absent when the request carried no credentials. */
  readonly error?:
    | 'invalid_request'
    | 'invalid_token'
    | 'insufficient_scope'
    | 'invalid_dpop_proof'
    | 'use_dpop_nonce';
  readonly description?: string;
  /** Scopes the client should ask for. */
  readonly scopes?: readonly string[];
  /** Signature algorithms of proofs, for DPoP. */
  readonly algorithms?: readonly string[];
  /** Where the metadata of the resource is. */
  readonly metadataUrl?: string;
}

/**
 * Writes a challenge. Every value is quoted and escaped; what a header must
 * not carry is left out of it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 * @see https://www.rfc-editor.org/rfc/rfc9728#section-5.1
 */
export function writeChallenge(challenge: Challenge): string {
  const parameters: [name: string, value: string | undefined][] = [
    ['error', challenge.error],
    ['error_description', challenge.description],
    ['scope', challenge.scopes?.filter(isForResource).join(' ')],
    ['algs', challenge.algorithms?.join(' ')],
    ['resource_metadata', challenge.metadataUrl],
  ];
  const written = parameters
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}=${quote(value!)}`);
  const scheme = challenge.scheme ?? 'Bearer';
  return [scheme, written.join(', ')].filter(Boolean).join(' ');
}

/**
 * Whether the client gets a refresh token is none of a resource's business, and
 * what a header cannot carry would be another scope in it.
 */
function isForResource(scope: string): boolean {
  return scope !== 'offline_access' && isScope(scope);
}

function quote(value: string): string {
  const printable = value.replace(/[^\x20-\x7e]/g, '');
  return `"${printable.replace(/["\\]/g, '\\$&')}"`;
}
