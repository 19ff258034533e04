import type { ResourceTarget } from '../verification/protected-resource.js';
import { withoutTrailingSlash } from '../zone/zone-url.js';
import { isBelow } from './routed-path.js';

/**
 * Public URL of a path of the application, where it is below a resource: what
 * a client saw, whatever proxies made of it.
 */
export function publicUrlOf(
  { identifier, path: above }: ResourceTarget,
  path: string,
): string | undefined {
  if (!isBelow(path, above)) return undefined;
  return withoutTrailingSlash(identifier) + path.slice(above.length);
}
