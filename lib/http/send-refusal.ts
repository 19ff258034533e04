import type { ServerResponse } from 'node:http';
import type { LoggerService } from '@nestjs/common';
import { KeycardException } from '../guards/exceptions/keycard.exception.js';
import { toRefusal } from '../guards/refusal.js';
import { AUTHENTICATION_FAILED, SERVER_ERROR } from './http.messages.js';
import { sendJson } from './raw-route.js';

/** Answers a request that was not let in. What went wrong here is for the log. */
export function sendRefusal(
  response: ServerResponse,
  error: unknown,
  logger: LoggerService,
): void {
  if (error instanceof KeycardException) {
    const { status, headers, body } = toRefusal(error);
    sendJson(response, status, body, headers);
    return;
  }
  logger.error(
    AUTHENTICATION_FAILED,
    error instanceof Error ? error.stack : error,
  );
  sendJson(response, 500, {
    error: 'server_error',
    error_description: SERVER_ERROR,
  });
}
