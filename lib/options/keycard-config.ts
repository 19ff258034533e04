import type { ApplicationCredential } from '../credentials/application-credential.interface.js';
import type { ConsentOptions } from '../delegation/consent/consent.interface.js';
import type { ExchangeCacheOptions } from '../delegation/exchange-cache.js';
import type { KeycardAuthGuardType } from '../guards/keycard-auth.guard.js';
import type { ProtectMode } from '../guards/route-protection.js';
import type { ScopePolicyOptions } from '../guards/scope-policy.js';
import type { McpServerConfig } from '../mcp/server/mcp-server.config.js';
import type { MetadataOptions } from '../metadata/metadata-options.interface.js';
import type { TelemetryMode } from '../observability/telemetry/telemetry-mode.js';
import type { HttpOptions } from '../oauth/http-fetch.js';
import type { ProtectedResourceInit } from '../verification/protected-resource.js';
import type { ZoneDirectory } from '../zone/zone-directory.js';
import type { ZoneLocator } from '../zone/zone-locator.js';
import type { TokenConfig } from './token-config.factory.js';

/**
 * All settings, resolved and checked once. Nothing reads the environment or
 * the options after this.
 */
export interface KeycardConfig {
  readonly zones: ZoneDirectory;
  readonly locator: ZoneLocator;
  readonly resource: ProtectedResourceInit;
  /** Whether the public URL is only a guess, for development. */
  readonly isResourceDerived: boolean;
  readonly credential: ApplicationCredential | undefined;
  readonly protect: ProtectMode;
  readonly guard: KeycardAuthGuardType;
  readonly scopePolicy: ScopePolicyOptions;
  readonly metadata: MetadataOptions;
  readonly tokens: TokenConfig;
  readonly cache: ExchangeCacheOptions | false;
  readonly consent: ConsentOptions | undefined;
  readonly telemetry: TelemetryMode;
  /** Whether audit events are logged. */
  readonly logsAudit: boolean;
  readonly http: HttpOptions;
  readonly mcp: McpServerConfig | false;
  /** Whom this process works for where there is no token: over stdio. */
  readonly userIdentifier: string | undefined;
  /** Unsafe or incomplete settings, to be logged at boot. */
  readonly warnings: readonly string[];
}
