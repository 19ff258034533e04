import type { Provider } from '@nestjs/common';
import { SharedTokenStore } from '../delegation/cache/shared-token-store.js';
import { ConsentPolicy } from '../delegation/consent/consent-policy.js';
import { ExchangeCache } from '../delegation/exchange-cache.js';
import { TokenExchangeService } from '../delegation/token-exchange.service.js';
import { TokenExchanger } from '../delegation/token-exchanger.js';
import type { HttpFetch } from '../oauth/http-fetch.js';
import type { KeycardConfig } from '../options/keycard-config.js';
import { ZoneDiscovery } from '../zone/zone-discovery.js';
import type { Observability } from '../observability/observability.js';
import { auditExchange } from './exchange-audit.js';
import {
  KEYCARD_CONFIG,
  KEYCARD_FETCH,
  KEYCARD_OBSERVABILITY,
} from './keycard.constants.js';
import { logger } from './logger.js';

function createCache(options: KeycardConfig['cache']): ExchangeCache {
  const shared = options === false ? undefined : options.shared;
  return new ExchangeCache(
    options,
    shared && new SharedTokenStore(shared, logger),
  );
}

/** What exchanges tokens. */
export const DELEGATION_PROVIDERS: Provider[] = [
  {
    provide: TokenExchangeService,
    inject: [
      KEYCARD_CONFIG,
      ZoneDiscovery,
      KEYCARD_FETCH,
      KEYCARD_OBSERVABILITY,
    ],
    useFactory: (
      { zones, credential, cache, consent }: KeycardConfig,
      discovery: ZoneDiscovery,
      fetch: HttpFetch,
      observability: Observability,
    ) =>
      new TokenExchangeService({
        zones,
        discovery,
        credential,
        cache: createCache(cache),
        ...(consent && {
          consent: new ConsentPolicy(consent, logger, observability),
        }),
        exchanger: new TokenExchanger(fetch, observability.telemetry),
        onExchange: (report) => auditExchange(observability, report),
      }),
  },
];
