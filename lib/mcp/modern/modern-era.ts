import type { LoggerService } from '@nestjs/common';
import type { McpCatalog } from '../catalog/mcp-catalog.js';
import type { McpEndpointOptions } from '../transport/mcp-endpoint.interface.js';
import { MODERN_REVISION } from '../transport/transport.constants.js';
import { ModernEndpoint } from './modern-endpoint.js';
import { ModernEraError } from './modern-era.error.js';
import { ModernOnlyGate } from './modern-only.gate.js';
import {
  loadModernSdk,
  MODERN_SDK,
  type ModernSdk,
  type ModernSdkImport,
} from './modern-sdk.loader.js';
import { ModernLogMessages } from './modern.messages.js';
import { ParameterHeaders } from './parameter-headers.js';
import { RequestStateSealer } from './request-state.sealer.js';

/** Which generations of the protocol a server may speak. */
export const PROTOCOL_ERAS = ['both', 'legacy', 'modern'] as const;
export type ProtocolEras = (typeof PROTOCOL_ERAS)[number];

/** What decides whether the modern era is served, and how. */
export interface ModernEraConfig {
  readonly eras: ProtocolEras;
  /** Whether the application asked for it, so that it must not be missing. */
  readonly areErasExplicit: boolean;
  /** Seals what clients carry between the rounds of a call. */
  readonly stateSecret?: string;
  /** Whether other processes probably serve the same clients. */
  readonly areReplicasLikely: boolean;
}

/** A server whose eras are to be opened. */
export interface ModernEraInit {
  readonly name: string;
  /** Identifier of the resource the server is. */
  readonly audience: string;
  readonly catalog: McpCatalog;
  /**
   * What the modern era can do, which may be more than the other.
   * @default what the other can do
   */
  readonly capabilities?: McpEndpointOptions['capabilities'];
  readonly logger: LoggerService;
}

/** What an endpoint is to be made of, now that its eras are known. */
export interface OpenedEras {
  readonly options: McpEndpointOptions;
  readonly modern: ModernEndpoint | undefined;
}

const LEGACY_REVISIONS = '2025-11-25 and older';

/**
 * Adds the modern era to an endpoint of the 2025 era, where it is wanted and
 * possible, or puts it in its place. Says in the log what is served.
 *
 * @throws ModernEraError when the application asked for it in vain
 */
export async function openEras(
  config: ModernEraConfig,
  init: ModernEraInit,
  options: McpEndpointOptions,
  load?: ModernSdkImport,
): Promise<OpenedEras> {
  const sdk = await findSdk(config, init, load);
  const revisions = [
    ...(sdk ? [MODERN_REVISION] : []),
    ...(config.eras === 'modern' ? [] : [LEGACY_REVISIONS]),
  ];
  init.logger.log(ModernLogMessages.speaks(init.name, revisions));
  if (!sdk) return { options, modern: undefined };
  const modern = createModern(config, init, options, sdk);
  if (config.eras === 'both')
    return { options: { ...options, modern }, modern };
  const gate = new ModernOnlyGate(options.gate);
  return {
    options: { ...options, modern, gate, sessions: false, stateless: true },
    modern,
  };
}

async function findSdk(
  { eras, areErasExplicit }: ModernEraConfig,
  { logger }: ModernEraInit,
  load: ModernSdkImport | undefined,
): Promise<ModernSdk | undefined> {
  if (eras === 'legacy') return undefined;
  try {
    return await loadModernSdk(load);
  } catch (error) {
    if (areErasExplicit || !(error instanceof ModernEraError)) throw error;
    logger.log(ModernLogMessages.fallback(MODERN_SDK));
    return undefined;
  }
}

function createModern(
  { stateSecret, areReplicasLikely }: ModernEraConfig,
  { audience, catalog, capabilities, logger }: ModernEraInit,
  options: McpEndpointOptions,
  sdk: ModernSdk,
): ModernEndpoint {
  if (stateSecret === undefined && areReplicasLikely) {
    logger.warn(ModernLogMessages.randomStateKey);
  }
  return new ModernEndpoint({
    ...options,
    ...(capabilities && { capabilities }),
    sdk,
    sealer: new RequestStateSealer({ secret: stateSecret, audience }),
    parameterHeaders: new ParameterHeaders(catalog.tools),
  });
}
