import type { AudiencePolicy } from '../verification/protected-resource.js';

/**
 * A further protected resource of the application: an area of HTTP routes with
 * an identifier, an audience and a metadata document of its own.
 *
 * @publicApi
 */
export interface KeycardFeatureOptions {
  /** Public URL of the resource, exactly as the zone knows it. */
  resourceUrl: string;
  /**
   * Path in this application that the routes are below.
   * @default the path of the resource URL
   */
  path?: string;
  /** @default the resource URL */
  audience?: AudiencePolicy;
  /** Scopes every token must have. */
  requiredScopes?: string | readonly string[];
  /** Scopes to list in the metadata, besides the required ones. */
  scopesSupported?: string | readonly string[];
  /** Human-readable name of the resource. */
  name?: string;
  /** URL of documentation for people who use the resource. */
  documentationUrl?: string;
}
