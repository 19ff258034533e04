/**
 * Further places of the metadata documents, at the root of the origin. The
 * well-known ones are served in any case.
 *
 * @publicApi
 */
export interface MetadataOptions {
  /**
   * A path that stands in for `/.well-known`, for all documents:
   * `/auth/.well-known` serves `/auth/.well-known/oauth-protected-resource/mcp`.
   */
  readonly root?: string;
  /**
   * Path of the RFC 9728 document of the application's own resource. Challenges
   * name this one.
   */
  readonly protectedResource?: string;
  /** Path of the RFC 8414 document. */
  readonly authorizationServer?: string;
  /** Path of the application's public keys. */
  readonly jwks?: string;
}
