import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { ToolScopes } from './decorators/require-tool-scopes.decorator.js';
import { BODY_NOT_PARSED } from './guards.messages.js';
import type { HttpRequest } from './http-request.js';

/** What is looked at of a JSON-RPC message. */
interface Message {
  readonly method?: unknown;
  readonly params?: { readonly name?: unknown } | null;
}

/**
 * Scopes that the messages of a request need, for the tools they call.
 *
 * @throws UnsupportedMediaTypeException for a body nobody parsed: an SDK might
 * read it all the same
 */
export function scopesOfMessages(
  { method, body }: HttpRequest,
  toolScopes: readonly ToolScopes[],
): readonly string[] {
  if (method !== 'POST' || toolScopes.length === 0) return [];
  if (typeof body !== 'object' || body === null) {
    throw new UnsupportedMediaTypeException(BODY_NOT_PARSED);
  }
  const messages: unknown[] = Array.isArray(body) ? body : [body];
  return messages.flatMap((message) => {
    const { method: called, params } = (message ?? {}) as Message;
    if (called !== 'tools/call') return [];
    const name = params?.name as string;
    return toolScopes.flatMap((scopes) => scopes.get(name) ?? []);
  });
}
