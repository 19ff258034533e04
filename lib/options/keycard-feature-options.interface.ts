import type { Type } from '@nestjs/common';
import type { AudiencePolicy } from '../verification/protected-resource.js';
import type { McpOptions } from './mcp-options.interface.js';

/**
 * An MCP server besides the application's own.
 *
 * @publicApi
 */
export interface FeatureMcpOptions extends Omit<McpOptions, 'path'> {
  /**
   * Classes whose tools it has, wherever they are provided.
   * @default the tools of the modules that import the feature
   */
  tools?: readonly Type[];
  /**
   * Version of the server, for clients.
   * @default '1.0.0'
   */
  version?: string;
}

/**
 * A further protected resource of the application: an area of HTTP routes, or
 * an MCP server, with an identifier, an audience and a metadata document of its
 * own.
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
  /**
   * Makes the resource an MCP server of its own, at the path of the resource.
   * It has the tools of the modules that import the feature, or those listed.
   * @default no MCP server
   */
  mcp?: boolean | FeatureMcpOptions;
  /** URL of documentation for people who use the resource. */
  documentationUrl?: string;
}
