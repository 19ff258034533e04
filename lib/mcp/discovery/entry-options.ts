import { scopesOf as requiredScopesOf } from '../../guards/decorators/require-scopes.decorator.js';
import { InvalidScopeError } from '../../oauth/errors/invalid-scope.error.js';
import { toScopeList } from '../../oauth/scopes.js';
import type { McpEntryOptions } from '../decorators/mcp-entry-options.interface.js';
import { McpDefinitionError } from '../mcp-definition.error.js';
import { INVALID_SCOPE, INVALID_TIMEOUT } from '../mcp.messages.js';
import type { DiscoveredHandler } from './mcp.explorer.js';

/** What decides how an entry may be called. */
export interface EntrySettings {
  readonly scopes: readonly string[];
  readonly timeout: number | undefined;
}

/**
 * Settings that tools, resources and prompts have in common.
 *
 * @throws McpDefinitionError
 */
export function settingsOf(
  discovered: DiscoveredHandler,
  { scopes, timeout }: McpEntryOptions,
): EntrySettings {
  if (timeout !== undefined && !(timeout >= 0)) {
    throw new McpDefinitionError(INVALID_TIMEOUT(discovered.place));
  }
  return { scopes: scopesOf(discovered, scopes), timeout };
}

/** Members that documents of all kinds have, without those that are not set. */
export function describeEntry(
  { title, description, icons, _meta }: McpEntryOptions,
  scopes: readonly string[],
): Record<string, unknown> {
  const meta = {
    ..._meta,
    // Tells clients what to ask for before they call.
    ...(scopes.length > 0 && {
      securitySchemes: [{ type: 'oauth2', scopes }],
    }),
  };
  return {
    ...(title && { title }),
    ...(description && { description }),
    ...(icons && { icons }),
    ...(Object.keys(meta).length > 0 && { _meta: meta }),
  };
}

/** Of the entry itself, and of `@RequireScopes()` on its method and class. */
function scopesOf(
  { place, callback, prototype }: DiscoveredHandler,
  own: string | readonly string[] | undefined,
): readonly string[] {
  const required = [callback, prototype.constructor].flatMap(
    (subject) => requiredScopesOf(subject) ?? [],
  );
  try {
    return [...new Set([...toScopeList(own), ...required])];
  } catch (error) {
    if (!(error instanceof InvalidScopeError)) throw error;
    throw new McpDefinitionError(INVALID_SCOPE(place, error.message), {
      cause: error,
    });
  }
}
