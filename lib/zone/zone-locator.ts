import type { IncomingHttpHeaders } from 'node:http';
import type { Zone, ZoneDirectory } from './zone-directory.js';

/** The parts of a request a zone may be found by. */
export interface ZonedRequest {
  readonly url?: string;
  readonly headers: Readonly<IncomingHttpHeaders>;
}

/**
 * Finds the id of the zone a request is for. The answer is checked like any
 * other zone id; `undefined` means none.
 *
 * @publicApi
 */
export type ZoneResolver = (request: ZonedRequest) => string | undefined;

/** Where in the application a request is, and in which zone. */
export interface ZonedPath {
  /** `undefined` when the request names no zone of this application. */
  readonly zone: Zone | undefined;
  /** The path without the zone. */
  readonly path: string;
}

/**
 * Finds the zone of a request: in the first segment of its path, or as the
 * application says.
 */
export class ZoneLocator {
  constructor(
    private readonly zones: ZoneDirectory,
    private readonly resolve?: ZoneResolver,
  ) {}

  get isMultiZone(): boolean {
    return this.zones.isMultiZone;
  }

  /** Whether the paths of the application begin with a zone. */
  get isInPath(): boolean {
    return this.zones.isMultiZone && !this.resolve;
  }

  /** @param path of the request, as sent: a zone id is never decoded */
  locate(request: ZonedRequest, path: string): ZonedPath {
    if (!this.zones.isMultiZone) {
      return { zone: this.zones.find(undefined), path };
    }
    if (this.resolve) {
      return { zone: this.zones.find(this.resolve(request)), path };
    }
    const end = path.indexOf('/', 1);
    const [zoneId, rest] =
      end < 0 ? [path.slice(1), ''] : [path.slice(1, end), path.slice(end)];
    return { zone: this.zones.find(zoneId), path: rest };
  }
}
