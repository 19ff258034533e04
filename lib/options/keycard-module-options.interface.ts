import type { ApplicationCredential } from '../credentials/application-credential.interface.js';
import type { ExchangeCacheOptions } from '../delegation/exchange-cache.js';
import type { ProtectMode } from '../guards/route-protection.js';
import type { HttpOptions } from '../oauth/http-fetch.js';
import type { AudiencePolicy } from '../verification/protected-resource.js';
import type { TokenPolicy } from '../verification/token-verifier.js';
import type { McpOptions } from './mcp-options.interface.js';

/**
 * Settings of the module. An explicit setting wins over its environment
 * variable, and that over the default; a blank value counts as unset.
 *
 * @publicApi
 */
export interface KeycardModuleOptions {
  /**
   * Issuer URL of the zone. Environment: `KEYCARD_ZONE_URL`, `KEYCARD_URL`,
   * `KEYCARD_ISSUER`.
   */
  zoneUrl?: string;
  /**
   * Id of the zone, where `zoneUrl` is not given: the subdomain of `baseUrl`.
   * Environment: `KEYCARD_ZONE_ID`.
   */
  zoneId?: string;
  /**
   * Root that zone ids are below. Environment: `KEYCARD_BASE_URL`.
   * @default 'https://keycard.cloud'
   */
  baseUrl?: string;
  /**
   * Public URL of this server, exactly as the zone knows it:
   * `https://mcp.example.com/mcp`. Never taken from a request. Environment:
   * `MCP_SERVER_URL`.
   * @default outside of production, `http://localhost:<PORT>/mcp`, with a warning
   */
  resourceUrl?: string;
  /**
   * Human-readable name of this server.
   * @default 'nestjs-keycard'
   */
  serverName?: string;
  /**
   * Version of this server, for MCP clients.
   * @default '1.0.0'
   */
  serverVersion?: string;
  /**
   * Whom tokens must be meant for. A zone URL in it also demands the token's
   * `resource` claim to be this server. `false` accepts every token of the
   * zone, and warns at boot.
   * @default the resource URL
   */
  audience?: AudiencePolicy;
  /**
   * Scopes every token must have.
   * @default none
   */
  requiredScopes?: string | readonly string[];
  /** URL of documentation for people who use this server. */
  documentationUrl?: string;
  /**
   * How the application authenticates when it exchanges tokens. Environment:
   * `KEYCARD_CLIENT_ID` with `KEYCARD_CLIENT_SECRET`.
   */
  applicationCredential?: ApplicationCredential;
  /**
   * Which HTTP routes need a token: those with one of our decorators, or all
   * that are not `@Public()`.
   * @default 'declared'
   */
  protect?: ProtectMode;
  /** What tokens must be like. */
  tokens?: TokenPolicy;
  /**
   * How long exchanged tokens are used again; `false` exchanges every time.
   * @default up to 60 seconds
   */
  cache?: ExchangeCacheOptions | false;
  /** How the zone is reached. */
  http?: HttpOptions;
  /**
   * The MCP endpoint; `false` serves none.
   * @default at `/mcp`, when there is a tool
   */
  mcp?: McpOptions | false;
}

/**
 * Makes the options, for `forRootAsync({ useClass })` and `useExisting`.
 *
 * @publicApi
 */
export interface KeycardOptionsFactory {
  createKeycardOptions(): KeycardModuleOptions | Promise<KeycardModuleOptions>;
}
