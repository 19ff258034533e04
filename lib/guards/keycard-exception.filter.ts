import {
  Catch,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { admissionOf } from './admission.js';
import { InsufficientScopeException } from './exceptions/insufficient-scope.exception.js';
import { KeycardException } from './exceptions/keycard.exception.js';
import { toRefusal } from './refusal.js';
import { scopesOfOperation, type ScopePolicy } from './scope-policy.js';

/** Answers a refused HTTP request with its challenge, on either adapter. */
@Catch(KeycardException)
export class KeycardExceptionFilter implements ExceptionFilter<KeycardException> {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly scopePolicy: ScopePolicy,
  ) {}

  catch(exception: KeycardException, host: ArgumentsHost): void {
    // Outside of HTTP there is no response: whoever called decides.
    if (host.getType() !== 'http') throw exception;
    const { httpAdapter } = this.adapterHost;
    const response: unknown = host.switchToHttp().getResponse();
    const { status, headers, body } = toRefusal(
      this.complete(exception, host.getArgByIndex(0)),
    );
    for (const [name, value] of Object.entries(headers)) {
      httpAdapter.setHeader(response, name, value);
    }
    httpAdapter.reply(response, body, status);
  }

  /** A handler knows the scope it misses, not all that its route needs. */
  private complete(
    exception: KeycardException,
    request: unknown,
  ): KeycardException {
    const admission = admissionOf(request);
    if (!admission || !(exception instanceof InsufficientScopeException)) {
      return exception;
    }
    const { principal, target, scopes } = admission;
    return this.scopePolicy.refusal(
      principal,
      target,
      scopesOfOperation(target, [...scopes, ...exception.scopes]),
    );
  }
}
