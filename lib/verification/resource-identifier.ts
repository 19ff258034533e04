const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/**
 * Path of the RFC 9728 metadata of a resource: the well-known name between
 * host and path, a terminating slash of the path left out.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9728#section-3.1
 */
export function metadataPathOf(path: string): string {
  return `${WELL_KNOWN}${path.replace(/\/$/, '')}`;
}

/** URL of the RFC 9728 metadata of a resource. */
export function metadataUrlOf(identifier: string): string {
  const { origin, pathname } = new URL(identifier);
  return `${origin}${metadataPathOf(pathname)}`;
}
