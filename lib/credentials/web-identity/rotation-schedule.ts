import { CredentialError } from '../credential.error.js';
import { INVALID_ROTATION } from './web-identity.messages.js';

/**
 * When keys come and go. A new key is published at once, signs after
 * `activationDelay`, and from then on the old one stays published for
 * `overlap`.
 *
 * @publicApi
 */
export interface RotationOptions {
  /**
   * Milliseconds from one new key to the next. It is made by the first request
   * that is due.
   * @default never: only `rotate()` makes a new key
   */
  readonly every?: number;
  /**
   * Milliseconds that a key which signs no more stays published, for
   * assertions on their way.
   * @default 3600000, an hour
   */
  readonly overlap?: number;
  /**
   * Milliseconds from when a key is published to when it signs: as long as
   * zones keep the key set they read before.
   * @default 60000
   */
  readonly activationDelay?: number;
}

/** The same, complete. */
export interface RotationTiming {
  readonly every: number;
  readonly overlap: number;
  readonly activationDelay: number;
}

/** All a schedule needs to know of a key. Lists of keys are oldest first. */
interface DatedKey {
  readonly createdAt: number;
}

/** @throws CredentialError */
export function resolveTiming(options: RotationOptions = {}): RotationTiming {
  const { every, overlap = 3_600_000, activationDelay = 60_000 } = options;
  for (const [name, value] of Object.entries({ overlap, activationDelay })) {
    if (!Number.isFinite(value) || value < 0) {
      throw new CredentialError(INVALID_ROTATION(name));
    }
  }
  if (every !== undefined && !(every > activationDelay)) {
    throw new CredentialError(INVALID_ROTATION('every'));
  }
  return { every: every ?? Infinity, overlap, activationDelay };
}

/** The newest key that zones have had the time to learn. */
export function signingKeyAt<Key extends DatedKey>(
  keys: readonly Key[],
  now: number,
  { activationDelay }: RotationTiming,
): Key | undefined {
  const known = keys.findLast((key) => key.createdAt + activationDelay <= now);
  // Nobody has learned any other key than the first.
  return known ?? keys[0];
}

/** Keys whose assertions may still be on their way, or are yet to come. */
export function publishedKeysAt<Key extends DatedKey>(
  keys: readonly Key[],
  now: number,
  { activationDelay, overlap }: RotationTiming,
): readonly Key[] {
  return keys.filter((_key, index) => {
    const next = keys[index + 1];
    return !next || now < next.createdAt + activationDelay + overlap;
  });
}

/** Whether it is time for another key. */
export function isRotationDue(
  keys: readonly DatedKey[],
  now: number,
  { every }: RotationTiming,
): boolean {
  const newest = keys.at(-1);
  return newest !== undefined && newest.createdAt + every <= now;
}
