/**
 * Algorithms a web identity may sign with.
 *
 * @publicApi
 */
export type KeyAlgorithm = (typeof KEY_ALGORITHMS)[number];

export const KEY_ALGORITHMS = ['RS256', 'PS256', 'ES256'] as const;

export function isKeyAlgorithm(value: unknown): value is KeyAlgorithm {
  return (KEY_ALGORITHMS as readonly unknown[]).includes(value);
}
