import { deepFreeze } from '../verification/deep-freeze.js';
import {
  BLANK_ACTOR_TOKEN,
  BLANK_USER_IDENTIFIER,
  CONFLICTING_AUDIENCE,
  CONFLICTING_AUTHORITY,
} from './delegation.messages.js';
import { ExchangeInputError } from './exchange-input.error.js';
import { checkResources, type GrantDeclaration } from './grant.decorator.js';
import type { GrantCall } from './grant.interface.js';
import { scopesFor, uniteScopes } from './request-scopes.js';
import type {
  ActorToken,
  Authority,
  ResourceGrant,
} from './resource-grant.interface.js';

// What does not depend on the call is the same for all of them.
const fixed = new WeakMap<
  readonly GrantDeclaration[],
  readonly ResourceGrant[]
>();
const unchanging = new WeakSet<ResourceGrant>();

/** Whether a grant is the same, in all its parts, for as long as it is there. */
export function isUnchanging(grant: ResourceGrant): boolean {
  return unchanging.has(grant);
}

/**
 * The tokens that the declarations of a handler come to in one call: one per
 * resource, scopes united.
 *
 * @throws ExchangeInputError, or what a function of the application throws
 */
export async function resolveGrants(
  declarations: readonly GrantDeclaration[],
  call: GrantCall,
): Promise<readonly ResourceGrant[]> {
  const known = fixed.get(declarations);
  if (known) return known;
  const resolved = await Promise.all(
    declarations.map((declaration) => resolve(declaration, call)),
  );
  const grants = uniteGrants(resolved.flat());
  if (declarations.every(isFixed)) {
    deepFreeze(grants);
    for (const grant of grants) unchanging.add(grant);
    fixed.set(declarations, grants);
  }
  return grants;
}

/**
 * One grant per resource, in order of appearance.
 *
 * @throws ExchangeInputError when two grants of a resource contradict
 */
export function uniteGrants(
  grants: readonly ResourceGrant[],
): readonly ResourceGrant[] {
  const united = new Map<string, ResourceGrant>();
  for (const grant of grants) {
    const known = united.get(grant.resource);
    united.set(grant.resource, known ? unite(known, grant) : grant);
  }
  return [...united.values()];
}

async function resolve(
  { resources, options }: GrantDeclaration,
  fullCall: GrantCall,
): Promise<ResourceGrant[]> {
  const call = options.trustToolInput
    ? fullCall
    : { ...fullCall, input: undefined };
  const identifiers = checkResources(
    typeof resources === 'function' ? await resources(call) : resources,
  );
  const authority = await authorityOf(options, call);
  return identifiers.map((resource) => ({
    resource,
    scopes: scopesFor(resource, options.requestScopes),
    ...(options.audience && { audience: options.audience }),
    authority,
    isOptional: options.optional ?? false,
  }));
}

async function authorityOf(
  { as, userIdentifier, actorToken }: GrantDeclaration['options'],
  call: GrantCall,
): Promise<Authority> {
  if (as === 'application') return { kind: 'application' };
  if (userIdentifier) {
    const identifier = await userIdentifier(call);
    if (!isText(identifier)) {
      throw new ExchangeInputError(BLANK_USER_IDENTIFIER);
    }
    return { kind: 'user', identifier };
  }
  if (!actorToken) return { kind: 'caller' };
  return { kind: 'caller', actor: toActor(await actorToken(call)) };
}

/** Without its actor, an exchange would be the caller's own. */
function toActor(actor: string | ActorToken): ActorToken {
  const token = typeof actor === 'string' ? actor : actor?.token;
  if (!isText(token)) throw new ExchangeInputError(BLANK_ACTOR_TOKEN);
  const tokenType = typeof actor === 'string' ? undefined : actor.tokenType;
  return { token, ...(tokenType && { tokenType }) };
}

/** Whether it asks nothing of the call. */
function isFixed({ resources, options }: GrantDeclaration): boolean {
  const { userIdentifier, actorToken } = options;
  return typeof resources !== 'function' && !userIdentifier && !actorToken;
}

function unite(first: ResourceGrant, second: ResourceGrant): ResourceGrant {
  if (authorityKey(first) !== authorityKey(second)) {
    throw new ExchangeInputError(CONFLICTING_AUTHORITY);
  }
  const audiences = new Set([first.audience, second.audience]);
  audiences.delete(undefined);
  if (audiences.size > 1) throw new ExchangeInputError(CONFLICTING_AUDIENCE);
  return {
    ...first,
    ...second,
    scopes: uniteScopes(first.scopes, second.scopes),
    isOptional: (first.isOptional && second.isOptional) ?? false,
  };
}

function authorityKey({ authority }: ResourceGrant): string {
  return JSON.stringify(authority ?? { kind: 'caller' });
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
