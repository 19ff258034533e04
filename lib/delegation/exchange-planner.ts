import type { ApplicationCredential } from '../credentials/application-credential.interface.js';
import { CredentialError } from '../credentials/credential.error.js';
import type { ZoneDiscovery } from '../zone/zone-discovery.js';
import {
  BLANK_ACTOR_TOKEN,
  BLANK_USER_IDENTIFIER,
  NO_APPLICATION_CREDENTIAL,
  NO_SUBJECT_TOKEN,
  UNKNOWN_AUTHORITY,
} from './delegation.messages.js';
import { ExchangeInputError } from './exchange-input.error.js';
import { exchangeKeyOf } from './exchange-key.js';
import { checkResources } from './grant.decorator.js';
import { uniteScopes } from './request-scopes.js';
import type { Authority, ResourceGrant } from './resource-grant.interface.js';
import type { ExchangeOrder } from './token-exchanger.js';

/** Who asks for a token. */
export interface Asker {
  readonly issuer: string;
  readonly zoneId?: string;
  /** The caller's token, where there is a caller. */
  readonly subjectToken?: string;
  /** When the caller's token expires, in milliseconds since the epoch. */
  readonly notAfter: number;
}

/** An exchange, ready to be made or remembered. */
export interface ExchangePlan {
  readonly key: string;
  /** No longer than this may its token be remembered. */
  readonly notAfter: number;
  readonly order: ExchangeOrder;
}

/** Finds out where an exchange goes, who asks, and what it is remembered as. */
export class ExchangePlanner {
  constructor(
    private readonly discovery: ZoneDiscovery,
    private readonly credential: ApplicationCredential | undefined,
  ) {}

  /**
   * @throws ExchangeInputError, CredentialError, ZoneUnavailableError
   */
  async plan(asker: Asker, grant: ResourceGrant): Promise<ExchangePlan> {
    const authority: Authority = grant.authority ?? { kind: 'caller' };
    const isCaller = authority.kind === 'caller';
    const subjectToken = isCaller ? asker.subjectToken : undefined;
    checkAuthority(authority, subjectToken);
    checkResources([grant.resource]);
    const { resource, audience } = grant;
    const scopes = uniteScopes(grant.scopes);
    if (!this.credential) throw new CredentialError(NO_APPLICATION_CREDENTIAL);
    const server = await this.discovery.metadataOf(asker.issuer);
    const identity = await this.credential.identify(server);
    const key = exchangeKeyOf({
      resource,
      audience,
      scopes,
      authority,
      issuer: asker.issuer,
      clientId: identity.clientId,
      zoneId: asker.zoneId,
      subjectToken,
    });
    // A token that is not the caller's outlives the caller's.
    const notAfter = isCaller ? asker.notAfter : Infinity;
    const order = {
      server,
      identity,
      grant: { resource, audience, scopes, isOptional: grant.isOptional },
      authority,
      subjectToken,
    };
    return { key, notAfter, order };
  }
}

/** Fails closed: whatever is missing, another authority does not stand in. */
function checkAuthority(
  authority: Authority,
  subjectToken: string | undefined,
): void {
  switch (authority.kind) {
    case 'application':
      return;
    case 'user':
      return check(authority.identifier, BLANK_USER_IDENTIFIER);
    case 'caller':
      if (authority.actor) check(authority.actor.token, BLANK_ACTOR_TOKEN);
      return check(subjectToken, NO_SUBJECT_TOKEN);
    default:
      throw new ExchangeInputError(UNKNOWN_AUTHORITY);
  }
}

function check(value: unknown, message: string): void {
  if (typeof value === 'string' && value.trim() !== '') return;
  throw new ExchangeInputError(message);
}
