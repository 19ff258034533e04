import { decodeJwt } from 'jose';
import {
  ClientSecret,
  Principal,
  type ApplicationCredential,
} from 'nestjs-keycard';
import { LocalZone, type LocalZoneProfile } from 'nestjs-keycard/local-zone';
import type { SharedTokenStore } from '../../../lib/delegation/cache/shared-token-store.js';
import {
  ExchangeCache,
  type ExchangeCacheOptions,
} from '../../../lib/delegation/exchange-cache.js';
import type { OnExchange } from '../../../lib/delegation/exchange-report.js';
import { TokenExchanger } from '../../../lib/delegation/token-exchanger.js';
import { TokenExchangeService } from '../../../lib/delegation/token-exchange.service.js';
import {
  createHttpFetch,
  type HttpFetch,
} from '../../../lib/oauth/http-fetch.js';
import { ZoneDirectory } from '../../../lib/zone/zone-directory.js';
import { ZoneDiscovery } from '../../../lib/zone/zone-discovery.js';

export const MCP = 'http://localhost:8000/mcp';
export const CALENDAR = 'https://calendar.example.test';
export const MAIL = 'https://mail.example.test';
export const DOCUMENTS = 'https://documents.example.test';
export const STATUS = 'https://status.example.test';
export const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const APPLICATION = 'assistant';
export const SECRET = 'assistant-secret-value';
export const CREDENTIAL = new ClientSecret('assistant', SECRET);

/** A zone with everything an exchange can come to. */
export function startZone(
  profile: LocalZoneProfile = 'keycard',
): Promise<LocalZone> {
  return LocalZone.create()
    .user({ id: 'usr_ada', identifier: 'user@example.com' })
    .user({ id: 'usr_bob' })
    .resource(MCP, { scopes: ['mcp:tools'], ownedBy: APPLICATION })
    .resource(CALENDAR, { scopes: ['events:read', 'events:write'] })
    .resource(MAIL, { scopes: ['mail'], userConnected: true })
    .resource(DOCUMENTS, { scopes: ['read'] })
    .resource(STATUS, { scopes: ['status'] })
    .application(APPLICATION, {
      clients: [{ clientId: 'assistant', clientSecret: SECRET }],
      dependsOn: [CALENDAR, MAIL, STATUS],
      mayImpersonate: true,
    })
    .start({ profile });
}

/** The caller with a token, as the guard would have found it. */
export function principalOf(
  issuer: string,
  subjectToken: string,
  changes: object = {},
): Principal {
  const claims = decodeJwt(subjectToken);
  return new Principal(
    {
      issuer,
      subject: claims.sub!,
      clientId: String(claims['client_id']),
      scopes: [],
      audience: [MCP],
      expiresAt: claims.exp!,
      resource: MCP,
      claims,
      ...changes,
    },
    subjectToken,
  );
}

export interface ServiceOptions {
  readonly credential?: ApplicationCredential | null;
  readonly cache?: ExchangeCacheOptions | false;
  readonly shared?: SharedTokenStore;
  readonly issuer?: string;
  readonly zones?: ZoneDirectory;
  readonly fetch?: HttpFetch;
  readonly onExchange?: OnExchange;
}

/** One replica. */
export function serviceWith(
  options: ServiceOptions = {},
): TokenExchangeService {
  const fetch = options.fetch ?? createHttpFetch({ timeout: 5_000 });
  const { credential = CREDENTIAL, issuer = 'http://localhost:1' } = options;
  return new TokenExchangeService({
    discovery: new ZoneDiscovery(fetch),
    credential: credential ?? undefined,
    cache: new ExchangeCache(options.cache, options.shared),
    zones: options.zones ?? ZoneDirectory.single(issuer),
    exchanger: new TokenExchanger(fetch),
    ...(options.onExchange && { onExchange: options.onExchange }),
  });
}
