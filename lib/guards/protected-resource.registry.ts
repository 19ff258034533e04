import type {
  ProtectedResource,
  ResourceTarget,
} from '../verification/protected-resource.js';
import type { ZonedRequest, ZoneLocator } from '../zone/zone-locator.js';
import { RESOURCE_TAKEN } from './guards.messages.js';

/**
 * The protected resources of an application, and which of them a request is
 * for. The path decides, and the zone; nothing else in a request does.
 */
export class ProtectedResourceRegistry {
  private readonly resources: ProtectedResource[];

  /** @param own the application's own resource: where a path is below no other */
  constructor(
    private readonly zones: ZoneLocator,
    readonly own: ProtectedResource,
  ) {
    this.resources = [own];
  }

  get all(): readonly ProtectedResource[] {
    return this.resources;
  }

  /** @throws Error when a resource has the identifier, or the path, already */
  add(resource: ProtectedResource): ProtectedResource {
    const other = this.resources.find(
      ({ identifier, path }) =>
        identifier === resource.identifier || path === resource.path,
    );
    if (other) {
      throw new Error(RESOURCE_TAKEN(other.identifier, resource.identifier));
    }
    this.resources.push(resource);
    // The most specific path is asked first.
    this.resources.sort((a, b) => b.path.length - a.path.length);
    return resource;
  }

  /**
   * What a token must be good for: the resource with the longest path above
   * the request's, else the application's own, in the zone of the request.
   *
   * @returns `undefined` when the request names no zone of the application
   */
  match(request: ZonedRequest, path: string): ResourceTarget | undefined {
    const located = this.zones.locate(request, path);
    if (!located.zone) return undefined;
    const resource =
      this.resources.find((one) => isBelow(located.path, one.path)) ?? this.own;
    return resource.in(located.zone);
  }

  /** A resource in the zone of the request. */
  matchResource(
    resource: ProtectedResource,
    request: ZonedRequest,
    path: string,
  ): ResourceTarget | undefined {
    const { zone } = this.zones.locate(request, path);
    return zone && resource.in(zone);
  }

  /**
   * The resource whose path this is, exactly; for an empty path also the only
   * resource of the application.
   */
  find(request: ZonedRequest, path: string): ResourceTarget | undefined {
    const located = this.zones.locate(request, path);
    if (!located.zone) return undefined;
    const isOnlyOne = this.resources.length === 1 && located.path === '';
    const resource =
      this.resources.find((one) => one.path === located.path) ??
      (isOnlyOne ? this.own : undefined);
    return resource?.in(located.zone);
  }
}

function isBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}/`);
}
