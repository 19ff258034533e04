import { LocalZoneEnvironmentError } from './local-zone.error.js';
import { ZoneMessages } from './local-zone.messages.js';
import type { LocalZoneOptions } from './local-zone.options.js';

/** Throws where a local zone must not, or cannot, run. */
export function assertEnvironment(options: LocalZoneOptions): void {
  if (process.env['NODE_ENV'] === 'production' && !options.force) {
    throw new LocalZoneEnvironmentError(ZoneMessages.production());
  }
  if (typeof URL.parse !== 'function') {
    throw new LocalZoneEnvironmentError(
      ZoneMessages.nodeTooOld(process.version),
    );
  }
}
