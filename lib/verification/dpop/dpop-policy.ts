import { SIGNATURE_ALGORITHMS } from '../signature-key.js';
import { DpopConfigurationError } from './dpop-configuration.error.js';
import type { DpopOptions } from './dpop-options.interface.js';
import { INVALID_SECONDS, UNSUPPORTED_ALGORITHMS } from './dpop.messages.js';

/** The options that have a default, checked. */
export interface DpopPolicy {
  readonly algorithms: readonly string[];
  readonly maxAge: number;
}

const DEFAULT_ALGORITHMS: readonly string[] = [
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'RS256',
  'EdDSA',
  'Ed25519',
];

const DEFAULT_MAX_AGE = 300;

/** @throws DpopConfigurationError */
export function createDpopPolicy(options: DpopOptions): DpopPolicy {
  const algorithms = [...(options.algorithms ?? DEFAULT_ALGORITHMS)];
  const maxAge = options.maxAge ?? DEFAULT_MAX_AGE;
  const areKnown = algorithms.every((one) =>
    SIGNATURE_ALGORITHMS.includes(one),
  );
  if (!areKnown || algorithms.length === 0) {
    throw new DpopConfigurationError(
      UNSUPPORTED_ALGORITHMS(SIGNATURE_ALGORITHMS),
    );
  }
  if (!Number.isFinite(maxAge) || maxAge <= 0) {
    throw new DpopConfigurationError(INVALID_SECONDS('maxAge'));
  }
  return { algorithms: Object.freeze(algorithms), maxAge };
}
