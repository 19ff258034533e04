import { type Provider } from '@nestjs/common';
import { KEYCARD_CONFIG, KEYCARD_FETCH } from './keycard.constants.js';
import { type HttpFetch } from '../oauth/http-fetch.js';
import type { KeycardConfig } from '../options/keycard-config.js';
import { OpaqueTokenVerifier } from '../verification/introspection/opaque-token.verifier.js';
import { TokenIntrospector } from '../verification/introspection/token-introspector.js';
import { KeySetRegistry } from '../verification/key-set-registry.js';
import { TokenVerifier } from '../verification/token-verifier.js';
import { VerifiedTokenCache } from '../verification/verified-token-cache.js';
import { ZoneDiscovery } from '../zone/zone-discovery.js';

/** What decides over tokens. */
export const VERIFICATION_PROVIDERS: Provider[] = [
  {
    provide: KeySetRegistry,
    inject: [ZoneDiscovery, KEYCARD_FETCH],
    useFactory: (discovery: ZoneDiscovery, fetch: HttpFetch) =>
      new KeySetRegistry(discovery, fetch),
  },
  {
    provide: TokenVerifier,
    inject: [KEYCARD_CONFIG, ZoneDiscovery, KeySetRegistry, KEYCARD_FETCH],
    useFactory: (
      { tokens, credential }: KeycardConfig,
      discovery: ZoneDiscovery,
      keySets: KeySetRegistry,
      fetch: HttpFetch,
    ) =>
      new TokenVerifier(
        discovery,
        keySets,
        new VerifiedTokenCache(tokens.cache),
        { ...tokens.policy, acceptsBoundTokens: tokens.dpop !== undefined },
        tokens.introspection &&
          new OpaqueTokenVerifier(
            new TokenIntrospector(
              discovery,
              credential!,
              fetch,
              tokens.introspection,
            ),
            {
              clockTolerance: tokens.policy.clockTolerance ?? 0,
              acceptsBoundTokens: tokens.dpop !== undefined,
            },
          ),
      ),
  },
];
