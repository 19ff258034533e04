import { ZONE_UNAVAILABLE } from './zone.messages.js';

/**
 * The zone, or a document of it, cannot be had right now. Says nothing about
 * the caller: the same token may be fine in a minute.
 *
 * @publicApi
 */
export class ZoneUnavailableError extends Error {
  override readonly name = 'ZoneUnavailableError';
  readonly code = 'ERR_ZONE_UNAVAILABLE';

  constructor(
    readonly issuer: string,
    options?: ErrorOptions,
  ) {
    super(ZONE_UNAVAILABLE, options);
  }
}
