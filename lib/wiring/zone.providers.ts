import { type Provider } from '@nestjs/common';
import { KEYCARD_CONFIG, KEYCARD_FETCH } from './keycard.constants.js';
import { KEYCARD_MODULE_OPTIONS } from './keycard.module-definition.js';
import { createHttpFetch, type HttpFetch } from '../oauth/http-fetch.js';
import { createKeycardConfig } from '../options/keycard-config.factory.js';
import type { KeycardConfig } from '../options/keycard-config.js';
import type { KeycardModuleOptions } from '../options/keycard-module-options.interface.js';
import { ZoneDiscovery } from '../zone/zone-discovery.js';
import { logger } from './logger.js';

const CONFIG_PROVIDER: Provider = {
  provide: KEYCARD_CONFIG,
  inject: [KEYCARD_MODULE_OPTIONS],
  useFactory: (options: KeycardModuleOptions) => {
    const config = createKeycardConfig(options);
    for (const warning of config.warnings) logger.warn(warning);
    return config;
  },
};

/** Settings, and how zones are reached. */
export const ZONE_PROVIDERS: Provider[] = [
  CONFIG_PROVIDER,
  {
    provide: KEYCARD_FETCH,
    inject: [KEYCARD_CONFIG],
    useFactory: ({ http }: KeycardConfig) => createHttpFetch(http),
  },
  {
    provide: ZoneDiscovery,
    inject: [KEYCARD_FETCH],
    useFactory: (fetch: HttpFetch) => new ZoneDiscovery(fetch),
  },
];
