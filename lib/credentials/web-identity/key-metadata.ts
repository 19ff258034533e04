import { isKeyAlgorithm } from './key-algorithm.js';
import type { StoredKey } from './key-store.interface.js';
import {
  NOT_A_DESCRIPTION,
  NOT_JSON,
  OTHER_KEY_ID,
} from './web-identity.messages.js';

/** What a store says about a key, apart from its secret. */
export type KeyMetadata = Omit<StoredKey, 'privateKey'>;

/** The description of a key, as other implementations also write it. */
export function serializeMetadata(key: KeyMetadata): string {
  const document = {
    key_id: key.keyId,
    public_key_jwk: key.publicKey,
    created_at: key.createdAt / 1000,
    algorithm: key.algorithm,
    identity: key.identity,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * Reads a description, of other implementations too: those know no identity
 * apart from the key id.
 *
 * @returns what is wrong with it, if anything
 */
export function parseMetadata(
  keyId: string,
  text: string,
): KeyMetadata | string {
  const document = parseObject(text);
  if (!document) return NOT_JSON;
  const {
    key_id: describedId,
    public_key_jwk: publicKey,
    created_at: createdAt,
    algorithm,
    identity = describedId,
  } = document;
  const isComplete =
    isObject(publicKey) &&
    typeof identity === 'string' &&
    typeof createdAt === 'number' &&
    isKeyAlgorithm(algorithm);
  if (!isComplete) return NOT_A_DESCRIPTION;
  // A file system without case would find the key of another application.
  if (describedId !== keyId) return OTHER_KEY_ID;
  return {
    keyId,
    identity,
    algorithm,
    createdAt: createdAt * 1000,
    publicKey,
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
