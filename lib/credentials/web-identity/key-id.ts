import { CredentialError } from '../credential.error.js';
import {
  INVALID_KEY_ID,
  NO_STABLE_ID,
  UNUSABLE_SERVER_NAME,
} from './web-identity.messages.js';

// Key ids become names of files and travel in headers of tokens.
const KEY_ID = /^[A-Za-z0-9_-]{1,64}$/;
// Room for the number of a later generation.
const STORED_KEY_ID = /^[A-Za-z0-9_-]{1,75}$/;
const GENERATION = /^[1-9][0-9]{0,9}$/;

/** Whether a store may use this as a name. */
export function isStoredKeyId(value: unknown): value is string {
  return typeof value === 'string' && STORED_KEY_ID.test(value);
}

/** @throws CredentialError */
export function assertStoredKeyId(value: unknown): asserts value is string {
  if (!isStoredKeyId(value)) throw new CredentialError(INVALID_KEY_ID(value));
}

/**
 * The stable id of an identity: as configured, or made of a server name, so
 * that `Test Server` becomes `Test_Server`.
 *
 * @throws CredentialError
 */
export function resolveKeyId(keyId?: string, serverName?: string): string {
  if (keyId !== undefined) {
    if (KEY_ID.test(keyId)) return keyId;
    throw new CredentialError(INVALID_KEY_ID(keyId));
  }
  if (!serverName?.trim()) throw new CredentialError(NO_STABLE_ID);
  const sanitized = serverName.trim().replace(/[^A-Za-z0-9_-]/gu, '_');
  // A name without a letter or digit would be the same id as many others.
  if (KEY_ID.test(sanitized) && /[A-Za-z0-9]/.test(sanitized)) return sanitized;
  throw new CredentialError(UNUSABLE_SERVER_NAME(serverName));
}

/** Key id of the n-th key of an identity: `app`, `app-2`, `app-3`. */
export function keyIdOfGeneration(
  identity: string,
  generation: number,
): string {
  return generation === 1 ? identity : `${identity}-${generation}`;
}

/** The reverse; `undefined` for a key id that is not of this identity. */
export function generationOf(
  identity: string,
  keyId: string,
): number | undefined {
  if (keyId === identity) return 1;
  if (!keyId.startsWith(`${identity}-`)) return undefined;
  const digits = keyId.slice(identity.length + 1);
  const generation = GENERATION.test(digits) ? Number(digits) : 0;
  return generation > 1 ? generation : undefined;
}
