import { type Provider } from '@nestjs/common';
import { ExchangeCache } from '../delegation/exchange-cache.js';
import { TokenExchangeService } from '../delegation/token-exchange.service.js';
import { KEYCARD_CONFIG, KEYCARD_FETCH } from './keycard.constants.js';
import { type HttpFetch } from '../oauth/http-fetch.js';
import type { KeycardConfig } from '../options/keycard-config.js';
import { ZoneDiscovery } from '../zone/zone-discovery.js';

/** What exchanges tokens. */
export const DELEGATION_PROVIDERS: Provider[] = [
  {
    provide: TokenExchangeService,
    inject: [KEYCARD_CONFIG, ZoneDiscovery, KEYCARD_FETCH],
    useFactory: (
      { credential, cache }: KeycardConfig,
      discovery: ZoneDiscovery,
      fetch: HttpFetch,
    ) =>
      new TokenExchangeService({
        discovery,
        credential,
        cache: new ExchangeCache(cache),
        fetch,
      }),
  },
];
