import { toScopeList } from '../oauth/scopes.js';
import { isInstanceMethod, placeOf } from '../parameters/decorated-method.js';
import { injectParametersByType } from '../parameters/injected-parameter.js';
import { NO_RESOURCE, NOT_ON_A_METHOD } from './delegation.messages.js';

/** Metadata key of {@link Grant}. */
export const GRANT_METADATA = 'keycard:grant';

/** Scopes to ask for: for all resources of the grant, or per resource. */
export type RequestScopes =
  | string
  | readonly string[]
  | Readonly<Record<string, string | readonly string[]>>;

/** Options of {@link Grant}. */
export interface GrantOptions {
  /**
   * Scopes to ask for in the exchange.
   * @default what the authorization server grants without asking
   */
  readonly requestScopes?: RequestScopes;
}

/** One resource a handler needs a token for. */
export interface ResourceGrant {
  readonly resource: string;
  /** Sorted, without duplicates. */
  readonly scopes: readonly string[];
}

/**
 * Declares which APIs a handler calls on behalf of its caller. Before the
 * handler runs, the caller's token is exchanged for one token per resource;
 * the handler receives them in a parameter of type {@link AccessContext}.
 * Stacked decorators add up. Works on MCP tools and on HTTP routes.
 *
 * @param resources identifiers, exactly as the zone knows them
 * @example
 * ```ts
 * @McpTool({ description: 'List upcoming events' })
 * @Grant('https://calendar.example.com')
 * async listEvents(access: AccessContext) {
 *   const { authorization } = access.access('https://calendar.example.com');
 * }
 * ```
 * @throws TypeError without a resource, or on anything but a method
 * @throws InvalidScopeError
 * @see https://www.rfc-editor.org/rfc/rfc8693
 * @publicApi
 */
export const Grant = (
  resources: string | readonly string[],
  options: GrantOptions = {},
): MethodDecorator => {
  const identifiers = typeof resources === 'string' ? [resources] : resources;
  if (identifiers.length === 0 || !identifiers.every((one) => one?.trim())) {
    throw new TypeError(NO_RESOURCE);
  }
  return (target, method, descriptor: PropertyDescriptor | undefined) => {
    if (!isInstanceMethod(target, method, descriptor)) {
      throw new TypeError(NOT_ON_A_METHOD(placeOf(target, method)));
    }
    const handler = descriptor!.value as object;
    const grants = identifiers.map((resource) => ({
      resource,
      scopes: scopesFor(resource, options.requestScopes),
    }));
    Reflect.defineMetadata(
      GRANT_METADATA,
      unite([...grants, ...grantsOf(handler)]),
      handler,
    );
    injectParametersByType(target, method);
  };
};

/** The grants a handler declares, one per resource. */
export function grantsOf(handler: object): readonly ResourceGrant[] {
  return (
    (Reflect.getMetadata(GRANT_METADATA, handler) as
      readonly ResourceGrant[] | undefined) ?? []
  );
}

function scopesFor(
  resource: string,
  scopes: RequestScopes | undefined,
): readonly string[] {
  if (scopes === undefined) return [];
  if (typeof scopes === 'string') return toScopes(scopes);
  if (isList(scopes)) return toScopes(scopes.join(' '));
  const own = Object.hasOwn(scopes, resource) ? scopes[resource]! : [];
  return toScopes(typeof own === 'string' ? own : own.join(' '));
}

function isList(scopes: RequestScopes): scopes is readonly string[] {
  return Array.isArray(scopes);
}

function toScopes(text: string): readonly string[] {
  return [...toScopeList(text)].sort();
}

function unite(grants: readonly ResourceGrant[]): readonly ResourceGrant[] {
  const united = new Map<string, ResourceGrant>();
  for (const { resource, scopes } of grants) {
    const known = united.get(resource)?.scopes ?? [];
    united.set(resource, {
      resource,
      scopes: toScopes([...known, ...scopes].join(' ')),
    });
  }
  return [...united.values()];
}
