// Routers take a request target in the absolute form as well.
const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/[^/\\?#]*/i;

/** Path of a request target, as sent: not decoded, without query. */
export function pathOfTarget(target: string): string {
  const [path] = target.replace(AUTHORITY, '').split(/[?#]/, 1);
  return path || '/';
}

/**
 * A path as the most lenient of routers reads it: Express knows no case,
 * Fastify decodes, and both can be told to overlook more. What a router takes
 * for a path below a resource must never look like one that is not.
 */
export function toLenientPath(path: string): string {
  const [plain] = path.split(';', 1);
  return decode(plain!)
    .replace(/[/\\]+/g, '/')
    .toLowerCase();
}

/** Whether a path is that of a resource, or below it. */
export function isBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}/`);
}

function decode(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
