import { toScopeList } from '../oauth/scopes.js';
import type { RequestScopes } from './grant.interface.js';

/** The scopes to ask for at one resource: sorted, without duplicates. */
export function scopesFor(
  resource: string,
  scopes: RequestScopes | undefined,
): readonly string[] {
  if (scopes === undefined) return [];
  if (typeof scopes === 'string' || isList(scopes)) return toScopes(scopes);
  return Object.hasOwn(scopes, resource) ? toScopes(scopes[resource]!) : [];
}

/** All of both. */
export function uniteScopes(
  first: readonly string[] = [],
  second: readonly string[] = [],
): readonly string[] {
  return toScopes([...first, ...second]);
}

/** @throws InvalidScopeError for a scope that is none */
export function checkScopes(scopes: RequestScopes | undefined): void {
  if (scopes === undefined) return;
  const lists =
    typeof scopes === 'string' || isList(scopes)
      ? [scopes]
      : Object.values(scopes);
  for (const list of lists) toScopes(list);
}

function isList(scopes: RequestScopes): scopes is readonly string[] {
  return Array.isArray(scopes);
}

function toScopes(scopes: string | readonly string[]): readonly string[] {
  const text = typeof scopes === 'string' ? scopes : scopes.join(' ');
  return [...toScopeList(text)].sort();
}
