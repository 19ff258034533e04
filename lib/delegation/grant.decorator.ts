import { isInstanceMethod, placeOf } from '../parameters/decorated-method.js';
import { injectParametersByType } from '../parameters/injected-parameter.js';
import {
  ACTOR_WITHOUT_CALLER,
  CONFLICTING_AUTHORITY,
  NO_RESOURCE,
  NOT_ON_A_METHOD,
  UNKNOWN_AUTHORITY,
} from './delegation.messages.js';
import { ExchangeInputError } from './exchange-input.error.js';
import type { GrantOptions, GrantResources } from './grant.interface.js';
import { checkScopes } from './request-scopes.js';

/** Metadata key of {@link Grant}. */
export const GRANT_METADATA = 'keycard:grant';

/** What one decorator declares. */
export interface GrantDeclaration {
  readonly resources: GrantResources;
  readonly options: GrantOptions;
}

/**
 * Declares which APIs a handler calls on behalf of its caller. Before the
 * handler runs, the caller's token is exchanged for one token per resource;
 * the handler receives them in a parameter of type {@link AccessContext}.
 * Stacked decorators add up. Works on MCP tools and on HTTP routes.
 *
 * @param resources identifiers, exactly as the zone knows them, or a function
 * of the call that answers them
 * @example
 * ```ts
 * @McpTool({ description: 'List upcoming events' })
 * @Grant('https://calendar.example.com')
 * async listEvents(access: AccessContext) {
 *   const { authorization } = access.access('https://calendar.example.com');
 * }
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc8693
 * @publicApi
 */
export const Grant = (
  resources: GrantResources,
  options: GrantOptions = {},
): MethodDecorator => {
  if (typeof resources !== 'function') checkResources(resources);
  checkAuthority(options);
  checkScopes(options.requestScopes);
  return (target, method, descriptor: PropertyDescriptor | undefined) => {
    if (!isInstanceMethod(target, method, descriptor)) {
      throw new TypeError(NOT_ON_A_METHOD(placeOf(target, method)));
    }
    const handler = descriptor!.value as object;
    const declaration: GrantDeclaration = { resources, options };
    Reflect.defineMetadata(
      GRANT_METADATA,
      // The decorator nearest to the method has run first.
      [declaration, ...grantsOf(handler)],
      handler,
    );
    injectParametersByType(target, method);
  };
};

/** What the decorators of a handler declare. */
export function grantsOf(handler: object): readonly GrantDeclaration[] {
  return (
    (Reflect.getMetadata(GRANT_METADATA, handler) as
      readonly GrantDeclaration[] | undefined) ?? []
  );
}

/**
 * A list of identifiers.
 *
 * @throws ExchangeInputError when there is none, or a blank one
 */
export function checkResources(
  resources: string | readonly string[],
): readonly string[] {
  const list = typeof resources === 'string' ? [resources] : resources;
  const areGiven =
    Array.isArray(list) &&
    list.every((one) => typeof one === 'string' && one.trim() !== '');
  if (!areGiven || list.length === 0) throw new ExchangeInputError(NO_RESOURCE);
  return list;
}

/** One authority, and an actor only beside the caller. */
function checkAuthority(options: GrantOptions): void {
  const { as = 'caller', userIdentifier, actorToken } = options;
  if (as !== 'caller' && as !== 'application') {
    throw new ExchangeInputError(UNKNOWN_AUTHORITY);
  }
  const isCaller = as === 'caller' && !userIdentifier;
  if (as === 'application' && userIdentifier) {
    throw new ExchangeInputError(CONFLICTING_AUTHORITY);
  }
  if (actorToken && !isCaller) {
    throw new ExchangeInputError(ACTOR_WITHOUT_CALLER);
  }
}
