import type {
  ApplicationCredential,
  ClientIdentity,
} from '../credentials/application-credential.interface.js';
import { CredentialError } from '../credentials/credential.error.js';
import type { ServerMetadata } from '../oauth/server-metadata.js';
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
import { isUnchanging } from './grant-resolver.js';
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

/** Where an exchange goes, and as whom. */
type Destination = Pick<ExchangeOrder, 'server' | 'identity'>;

const CALLER: Authority = { kind: 'caller' };

/** Finds out where an exchange goes, who asks, and what it is remembered as. */
export class ExchangePlanner {
  // The key alone takes two digests, one of the caller's token.
  private readonly plans = new WeakMap<
    Asker,
    WeakMap<ResourceGrant, ExchangePlan>
  >();

  constructor(
    private readonly discovery: ZoneDiscovery,
    private readonly credential: ApplicationCredential | undefined,
  ) {}

  /**
   * Synchronous where nothing has to be read or made first: most tokens that
   * are asked for are at hand.
   *
   * @throws ExchangeInputError, CredentialError, ZoneUnavailableError
   */
  plan(
    asker: Asker,
    grant: ResourceGrant,
  ): ExchangePlan | Promise<ExchangePlan> {
    const { authority = CALLER } = grant;
    checkAuthority(authority, subjectTokenFor(authority, asker));
    checkResources([grant.resource]);
    if (!this.credential) throw new CredentialError(NO_APPLICATION_CREDENTIAL);
    const destination = this.destinationOf(asker.issuer, this.credential);
    return 'then' in destination
      ? destination.then((found) => this.planTo(found, asker, grant))
      : this.planTo(destination, asker, grant);
  }

  /** Planned once for what a decorator declares, while it goes to the same place. */
  private planTo(
    destination: Destination,
    asker: Asker,
    grant: ResourceGrant,
  ): ExchangePlan {
    if (!isUnchanging(grant)) return createPlan(destination, asker, grant);
    let plans = this.plans.get(asker);
    if (!plans) {
      plans = new WeakMap();
      this.plans.set(asker, plans);
    }
    let plan = plans.get(grant);
    if (!plan || !isSame(plan.order, destination)) {
      plan = createPlan(destination, asker, grant);
      plans.set(grant, plan);
    }
    return plan;
  }

  private destinationOf(
    issuer: string,
    credential: ApplicationCredential,
  ): Destination | Promise<Destination> {
    const server = this.discovery.remembered(issuer);
    if (!server) return this.discover(issuer, credential);
    const identity = credential.identify(server);
    return 'then' in identity
      ? withIdentity(server, identity)
      : { server, identity };
  }

  private async discover(
    issuer: string,
    credential: ApplicationCredential,
  ): Promise<Destination> {
    const server = await this.discovery.metadataOf(issuer);
    return withIdentity(server, credential.identify(server));
  }
}

async function withIdentity(
  server: ServerMetadata,
  identity: ClientIdentity | Promise<ClientIdentity>,
): Promise<Destination> {
  return { server, identity: await identity };
}

function isSame(one: Destination, other: Destination): boolean {
  return one.server === other.server && one.identity === other.identity;
}

function createPlan(
  { server, identity }: Destination,
  asker: Asker,
  grant: ResourceGrant,
): ExchangePlan {
  const { resource, audience, authority = CALLER, isOptional } = grant;
  const scopes = uniteScopes(grant.scopes);
  const subjectToken = subjectTokenFor(authority, asker);
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
  const notAfter = authority.kind === 'caller' ? asker.notAfter : Infinity;
  const target = { resource, audience, scopes, isOptional };
  const order = { server, identity, grant: target, authority, subjectToken };
  return { key, notAfter, order };
}

function subjectTokenFor(
  { kind }: Authority,
  { subjectToken }: Asker,
): string | undefined {
  return kind === 'caller' ? subjectToken : undefined;
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
