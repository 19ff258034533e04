import {
  ZONE_PLACEHOLDER,
  type ProtectedResource,
  type ResourceTarget,
} from '../verification/protected-resource.js';
import type { ZonedRequest, ZoneLocator } from '../zone/zone-locator.js';
import { RESOURCE_TAKEN } from './guards.messages.js';
import { isBelow, toLenientPath } from './routed-path.js';

/** A resource, and the path everything below belongs to it. */
interface Area {
  readonly resource: ProtectedResource;
  readonly path: string;
  /** Path of its public URL, without a zone: where its metadata is looked for. */
  readonly publicPath: string;
}

/**
 * The protected resources of an application, and which of them a request is
 * for. The path decides, and the zone; nothing else in a request does.
 */
export class ProtectedResourceRegistry {
  private readonly areas: Area[];

  /** @param own the application's own resource: where a path is below no other */
  constructor(
    private readonly zones: ZoneLocator,
    readonly own: ProtectedResource,
  ) {
    this.areas = [areaOf(own)];
  }

  /**
   * Whether the URL of a request says for which resource, in which zone, it is:
   * a resolver may read anything else.
   */
  get areFoundByUrl(): boolean {
    return !this.zones.isMultiZone || this.zones.isInPath;
  }

  get all(): readonly ProtectedResource[] {
    return this.areas.map(({ resource }) => resource);
  }

  /** @throws Error when a resource has the identifier, or the path, already */
  add(resource: ProtectedResource): ProtectedResource {
    const { identifier } = resource;
    const area = areaOf(resource);
    const other = this.areas.find(
      (one) =>
        one.resource.identifier === identifier ||
        one.path === area.path ||
        one.publicPath === area.publicPath,
    );
    if (other) {
      throw new Error(RESOURCE_TAKEN(other.resource.identifier, identifier));
    }
    this.areas.push(area);
    // The most specific path is asked first.
    this.areas.sort((a, b) => b.path.length - a.path.length);
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
    return this.resourceAt(located.path).in(located.zone);
  }

  /** @param path as it is declared, with a parameter where the zone is */
  resourceOfRoute(path: string): ProtectedResource {
    const [, zone = ''] = path.split('/', 2);
    return this.resourceAt(
      this.zones.isInPath ? path.slice(zone.length + 1) : path,
    );
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
   * The resource whose public path this is, exactly; for an empty path also the only
   * resource of the application.
   */
  find(request: ZonedRequest, path: string): ResourceTarget | undefined {
    const located = this.zones.locate(request, path);
    if (!located.zone) return undefined;
    const isOnlyOne = this.areas.length === 1 && located.path === '';
    const resource =
      this.areas.find(({ publicPath }) => publicPath === located.path)
        ?.resource ?? (isOnlyOne ? this.own : undefined);
    return resource?.in(located.zone);
  }

  private resourceAt(path: string): ProtectedResource {
    const lenient = toLenientPath(path);
    const area = this.areas.find((one) => isBelow(lenient, one.path));
    return area?.resource ?? this.own;
  }
}

function areaOf(resource: ProtectedResource): Area {
  const path = resource.identifier.split('/').slice(3).join('/');
  const publicPath = `/${path}`
    .replace(`/${ZONE_PLACEHOLDER}`, '')
    .replace(/\/+$/, '');
  return { resource, path: toLenientPath(resource.path), publicPath };
}
