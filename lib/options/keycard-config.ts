import type { ApplicationCredential } from '../credentials/application-credential.interface.js';
import type { ExchangeCacheOptions } from '../delegation/exchange-cache.js';
import type { ProtectMode } from '../guards/route-protection.js';
import type { HttpOptions } from '../oauth/http-fetch.js';
import type { ProtectedResourceInit } from '../verification/protected-resource.js';
import type { TokenPolicy } from '../verification/token-verifier.js';
import type { ZoneDirectory } from '../zone/zone-directory.js';
import type { McpOptions } from './mcp-options.interface.js';

/**
 * All settings, resolved and checked once. Nothing reads the environment or
 * the options after this.
 */
export interface KeycardConfig {
  readonly zones: ZoneDirectory;
  readonly resource: ProtectedResourceInit;
  readonly serverName: string;
  readonly serverVersion: string;
  readonly credential: ApplicationCredential | undefined;
  readonly protect: ProtectMode;
  readonly tokens: TokenPolicy;
  readonly cache: ExchangeCacheOptions | false;
  readonly http: HttpOptions;
  readonly mcp: McpConfig | false;
  /** Unsafe or incomplete settings, to be logged at boot. */
  readonly warnings: readonly string[];
}

/** Settings of an MCP endpoint, with the defaults filled in. */
export interface McpConfig {
  /** Whether it is served even if there is nothing in it. */
  readonly isExplicit: boolean;
  readonly path: string;
  readonly instructions?: string;
  readonly sessions:
    Required<Exclude<NonNullable<McpOptions['sessions']>, false>> | false;
  readonly stateless: boolean;
  readonly callTimeout: number;
  readonly onDisconnect: 'abort' | 'continue';
  readonly bodyLimit: number;
  readonly allowedHosts: ReadonlySet<string>;
  readonly allowedOrigins: ReadonlySet<string>;
  /** Whether pages and hosts on any loopback port are accepted. */
  readonly allowsLoopback: boolean;
}
