import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  claimedRevision,
  revisionHeaderOf,
  SUPPORTED_REVISIONS,
} from './era.js';
import type { ModernHandler } from './mcp-endpoint.interface.js';
import { requestIdOf } from './message-classifier.js';
import { refuse, refuseFailed } from './refusal.js';
import { UNSUPPORTED_PROTOCOL_VERSION } from './transport.constants.js';
import type { Caller, TransportLogger } from './transport.interfaces.js';
import { TransportMessages } from './transport.messages.js';

/** Requests of the modern era: handed over, or told which revisions are spoken. */
export class ModernRoute {
  constructor(
    private readonly handler: ModernHandler | undefined,
    private readonly logger: TransportLogger,
  ) {}

  handle(
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
    caller: Caller,
  ): void {
    if (!this.handler) {
      refuseModern(request, response, body);
      return;
    }
    this.handler
      .handle(request, response, body, caller)
      ?.catch((error: unknown) => refuseFailed(response, this.logger, error));
  }
}

function refuseModern(
  request: IncomingMessage,
  response: ServerResponse,
  body: unknown,
): void {
  const claimed = claimedRevision(body);
  const requested =
    typeof claimed === 'string' ? claimed : revisionHeaderOf(request);
  const error = {
    code: UNSUPPORTED_PROTOCOL_VERSION,
    message: TransportMessages.unsupportedVersion(SUPPORTED_REVISIONS),
    data: { supported: SUPPORTED_REVISIONS, requested },
  };
  refuse(response, 400, error, requestIdOf(body));
}
