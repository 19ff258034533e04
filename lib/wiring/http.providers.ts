import { type Provider } from '@nestjs/common';
import { ProtectedResourceRegistry } from '../guards/protected-resource.registry.js';
import { KeycardMiddleware } from '../http/keycard.middleware.js';
import { RootRouter } from '../http/root-router.js';
import { KEYCARD_CONFIG } from './keycard.constants.js';
import { MetadataController } from '../metadata/metadata.controller.js';
import type { KeycardConfig } from '../options/keycard-config.js';
import { DpopProofVerifier } from '../verification/dpop/dpop-proof.verifier.js';
import { ZoneDiscovery } from '../zone/zone-discovery.js';
import { logger } from './logger.js';

/** Routes at the root of the origin, and what stands in front of others. */
export const HTTP_PROVIDERS: Provider[] = [
  KeycardMiddleware,
  { provide: RootRouter, useFactory: () => new RootRouter(logger) },
  {
    provide: MetadataController,
    inject: [KEYCARD_CONFIG, ProtectedResourceRegistry, ZoneDiscovery],
    useFactory: (
      { metadata, credential, tokens: { dpop } }: KeycardConfig,
      resources: ProtectedResourceRegistry,
      discovery: ZoneDiscovery,
    ) =>
      new MetadataController({
        resources,
        discovery,
        options: metadata,
        dpop: dpop && {
          algorithms: new DpopProofVerifier(dpop).algorithms,
          required: dpop.required,
        },
        publicKeys: credential?.publicKeys?.bind(credential),
        clientMetadata: credential?.clientMetadata?.bind(credential, undefined),
        logger,
      }),
  },
];
