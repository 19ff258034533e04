import type { DpopOptions } from '../verification/dpop/dpop-options.interface.js';
import type { IntrospectionOptions } from '../verification/introspection/token-introspector.js';
import { SIGNATURE_ALGORITHMS } from '../verification/signature-key.js';
import type { TokenPolicy } from '../verification/token-verifier.js';
import type { VerifiedTokenCacheOptions } from '../verification/verified-token-cache.js';
import { KeycardConfigurationError } from './configuration.error.js';
import {
  INTROSPECTION_WITHOUT_CREDENTIAL,
  INVALID_ALGORITHMS,
  INVALID_CLOCK_TOLERANCE,
} from './options.messages.js';
import type { TokenOptions } from './token-options.interface.js';

/** How tokens are checked, with the choices resolved. */
export interface TokenConfig {
  readonly policy: TokenPolicy;
  readonly cache: VerifiedTokenCacheOptions;
  readonly dpop: (DpopOptions & { readonly required: boolean }) | undefined;
  readonly introspection: IntrospectionOptions | undefined;
}

/** @throws KeycardConfigurationError */
export function createTokenConfig(
  options: TokenOptions,
  hasCredential: boolean,
): TokenConfig {
  const { dpop, introspection, cache = {}, ...policy } = options;
  checkPolicy(policy);
  if (introspection && !hasCredential) {
    throw new KeycardConfigurationError(INTROSPECTION_WITHOUT_CREDENTIAL);
  }
  return {
    policy,
    cache,
    dpop: dpop
      ? { required: false, ...(dpop === true ? {} : dpop) }
      : undefined,
    introspection: introspection === true ? {} : introspection || undefined,
  };
}

function checkPolicy({ algorithms, clockTolerance = 0 }: TokenPolicy): void {
  const areKnown = algorithms?.every((name) =>
    SIGNATURE_ALGORITHMS.includes(name),
  );
  if (algorithms && (algorithms.length === 0 || !areKnown)) {
    throw new KeycardConfigurationError(
      INVALID_ALGORITHMS(SIGNATURE_ALGORITHMS),
    );
  }
  if (!(clockTolerance >= 0 && clockTolerance <= 60)) {
    throw new KeycardConfigurationError(INVALID_CLOCK_TOLERANCE);
  }
}
