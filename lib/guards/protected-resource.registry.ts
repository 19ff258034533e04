import {
  ProtectedResource,
  type ResourceTarget,
} from '../verification/protected-resource.js';
import type { ZoneDirectory } from '../zone/zone-directory.js';

/**
 * The protected resources of an application, and which of them a request is
 * for. The path decides; nothing else in a request does.
 */
export class ProtectedResourceRegistry {
  private readonly resources: ProtectedResource[];

  constructor(
    private readonly zones: ZoneDirectory,
    private readonly first: ProtectedResource,
  ) {
    this.resources = [first];
  }

  get all(): readonly ProtectedResource[] {
    return this.resources;
  }

  /** The application's own resource: where a path is below no other. */
  get own(): ProtectedResource {
    return this.first;
  }

  add(resource: ProtectedResource): ProtectedResource {
    this.resources.push(resource);
    // The most specific path is asked first.
    this.resources.sort((a, b) => b.path.length - a.path.length);
    return resource;
  }

  /**
   * The resource a path belongs to: the one with the longest path above it,
   * else the application's own.
   *
   * @returns `undefined` when the path names no zone of the application
   */
  match(path: string): ResourceTarget | undefined {
    const [zoneId, rest] = this.zones.isMultiZone
      ? splitZone(path)
      : [undefined, path];
    const zone = this.zones.find(zoneId);
    if (!zone) return undefined;
    const resource =
      this.resources.find(({ path: above }) => isBelow(rest, above)) ??
      this.own;
    return resource.in(zone);
  }
}

function splitZone(path: string): [zoneId: string, rest: string] {
  const end = path.indexOf('/', 1);
  return end < 0 ? [path.slice(1), ''] : [path.slice(1, end), path.slice(end)];
}

function isBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}/`);
}
