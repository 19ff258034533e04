import { readableError } from '../readable-error.js';
import type { TransportLogger } from './transport.interfaces.js';
import { TransportLogMessages } from './transport.messages.js';

/**
 * Writes a message of the server as JSON. One that has no JSON form is logged
 * and dropped: handlers rarely wait for a notification, and it must not become
 * an unhandled rejection.
 */
export function encodeMessage(
  message: { readonly method: string },
  logger: TransportLogger,
): string | undefined {
  try {
    return JSON.stringify(message);
  } catch (error) {
    const { method } = message;
    const text = TransportLogMessages.messageDropped(method);
    logger.warn(text, readableError(error));
    return undefined;
  }
}
