import { generateKey } from '../../../lib/credentials/web-identity/key-generator.js';
import type { StoredKey } from '../../../lib/credentials/web-identity/key-store.interface.js';

/** A key that fits nothing else: each call makes a new one. Elliptic, to be quick. */
export function makeKey(keyId = 'app', identity = keyId): Promise<StoredKey> {
  return generateKey(identity, keyId, 'ES256');
}
