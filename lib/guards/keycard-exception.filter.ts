import {
  Catch,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { KeycardException } from './exceptions/keycard.exception.js';
import { toRefusal } from './refusal.js';

/** Answers a refused HTTP request with its challenge, on either adapter. */
@Catch(KeycardException)
export class KeycardExceptionFilter implements ExceptionFilter<KeycardException> {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(exception: KeycardException, host: ArgumentsHost): void {
    // Outside of HTTP there is no response: whoever called decides.
    if (host.getType() !== 'http') throw exception;
    const { httpAdapter } = this.adapterHost;
    const response: unknown = host.switchToHttp().getResponse();
    const { status, headers, body } = toRefusal(exception);
    for (const [name, value] of Object.entries(headers)) {
      httpAdapter.setHeader(response, name, value);
    }
    httpAdapter.reply(response, body, status);
  }
}
