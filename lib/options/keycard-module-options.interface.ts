import type { ApplicationCredential } from '../credentials/application-credential.interface.js';
import type { ConsentOptions } from '../delegation/consent/consent.interface.js';
import type { ExchangeCacheOptions } from '../delegation/exchange-cache.js';
import type { KeycardAuthGuardType } from '../guards/keycard-auth.guard.js';
import type { ProtectMode } from '../guards/route-protection.js';
import type {
  ChallengeScopes,
  ScopeHierarchy,
} from '../guards/scope-policy.js';
import type { MetadataOptions } from '../metadata/metadata-options.interface.js';
import type { TelemetryMode } from '../observability/telemetry/telemetry-mode.js';
import type { HttpOptions } from '../oauth/http-fetch.js';
import type { AudiencePolicy } from '../verification/protected-resource.js';
import type { ZoneResolver } from '../zone/zone-locator.js';
import type { McpOptions } from './mcp-options.interface.js';
import type { TokenOptions } from './token-options.interface.js';

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
   * Serve more than one zone; `zoneUrl` or `baseUrl` is then the root the zones
   * are below.
   * @default whether `applicationCredential` is a ClientSecret with a pair per issuer
   */
  enableMultiZone?: boolean;
  /**
   * The zones served, in multi-zone applications: ids, or issuer URLs by id.
   * @default the issuers of the ClientSecret, else every id below the root
   */
  zones?: readonly string[] | Readonly<Record<string, string>>;
  /**
   * Finds the zone of a request, in multi-zone applications. What it answers
   * is checked like any zone id.
   * @default the first segment of the path
   */
  resolveZone?: ZoneResolver;
  /**
   * Public URL of this server, exactly as the zone knows it:
   * `https://mcp.example.com/mcp`. Never taken from a request. In multi-zone
   * applications `{zone}` stands for the zone id; without it, and without
   * `resolveZone`, the zone id becomes the first segment of the path.
   * Environment: `MCP_SERVER_URL`.
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
  /**
   * Scopes listed in the metadata besides those that tools and routes name.
   * @default none
   */
  scopesSupported?: string | readonly string[];
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
  /**
   * A class that extends {@link KeycardAuthGuard}, to stand in its place.
   * @default KeycardAuthGuard
   */
  guard?: KeycardAuthGuardType;
  /**
   * Scopes that imply others.
   * @default a scope is only satisfied by itself
   */
  scopeHierarchy?: ScopeHierarchy;
  /**
   * Which scopes a refusal asks for: all that the operation needs, or those
   * and what the token has.
   * @default 'operation'
   */
  challengeScopes?: ChallengeScopes;
  /** Where metadata is served besides its well-known places. */
  metadata?: MetadataOptions;
  /** What tokens must be like. */
  tokens?: TokenOptions;
  /**
   * How long exchanged tokens are used again; `false` exchanges every time.
   * @default up to 60 seconds
   */
  cache?: ExchangeCacheOptions | false;
  /**
   * How users are asked for grants they have not given yet.
   * @default nobody is asked: the failure is in the AccessContext
   */
  consent?: ConsentOptions;
  /**
   * What is told to OpenTelemetry, where `@opentelemetry/api` is installed.
   * @default 'native'
   */
  telemetry?: TelemetryMode;
  /** Audit events; inject {@link AuditStream} to receive them. */
  audit?: {
    /**
     * Write each event to the log.
     * @default false
     */
    log?: boolean;
  };
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
