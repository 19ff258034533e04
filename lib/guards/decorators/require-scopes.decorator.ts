import { toScopeList } from '../../oauth/scopes.js';
import { injectParametersByType } from '../../parameters/injected-parameter.js';

/** Metadata key of {@link RequireScopes}. */
export const SCOPES_METADATA = 'keycard:scopes';

/**
 * Demands a valid access token with all of these scopes, on a route or on all
 * routes of a controller. Scopes of class and method add up.
 *
 * @throws InvalidScopeError
 * @publicApi
 */
export const RequireScopes =
  (...scopes: string[]): MethodDecorator & ClassDecorator =>
  (
    target: object,
    method?: string | symbol,
    descriptor?: TypedPropertyDescriptor<any>,
  ) => {
    const subject: object = descriptor ? descriptor.value : target;
    const known = scopesOf(subject) ?? [];
    const declared = scopes.flatMap((list) => toScopeList(list));
    Reflect.defineMetadata(SCOPES_METADATA, [...known, ...declared], subject);
    if (method !== undefined) injectParametersByType(target, method);
  };

/** Scopes declared on a method or a class; `undefined` without the decorator. */
export function scopesOf(subject: object): readonly string[] | undefined {
  return Reflect.getMetadata(SCOPES_METADATA, subject) as
    readonly string[] | undefined;
}
