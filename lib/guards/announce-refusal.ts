import type { ExecutionContext } from '@nestjs/common';
import { KeycardException } from './exceptions/keycard.exception.js';
import { toRefusal } from './refusal.js';

/** A response of either adapter. */
interface HeaderedResponse {
  header?(name: string, value: string): unknown;
}

/**
 * Puts the challenge on the response before anybody catches the refusal: an
 * application whose own filter writes the answer must not lose it, for clients
 * find the authorization server by it.
 */
export function announceRefusal(
  context: ExecutionContext,
  error: unknown,
): void {
  if (context.getType() !== 'http' || !(error instanceof KeycardException)) {
    return;
  }
  const response: HeaderedResponse | undefined = context
    .switchToHttp()
    .getResponse();
  for (const [name, value] of Object.entries(toRefusal(error).headers)) {
    response?.header?.(name, value);
  }
}
