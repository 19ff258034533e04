import type { AudiencePolicy } from '../verification/protected-resource.js';
import { KeycardConfigurationError } from './configuration.error.js';
import {
  AUDIENCE_MAP_WITHOUT_ZONES,
  EMPTY_AUDIENCE,
} from './options.messages.js';

/**
 * Refuses audiences that no token could have.
 *
 * @throws KeycardConfigurationError
 */
export function checkAudience(
  audience: AudiencePolicy | undefined,
  isMultiZone: boolean,
): AudiencePolicy | undefined {
  if (audience === undefined || audience === false) return audience;
  if (audience.length === 0) {
    throw new KeycardConfigurationError(EMPTY_AUDIENCE);
  }
  const isMap = typeof audience === 'object' && !Array.isArray(audience);
  if (isMap && !isMultiZone) {
    throw new KeycardConfigurationError(AUDIENCE_MAP_WITHOUT_ZONES);
  }
  return audience;
}
