import type { IncomingMessage, ServerResponse } from 'node:http';
import { isObject } from '../transport/message-classifier.js';
import { revisionHeaderOf } from '../transport/era.js';
import { refuse } from '../transport/refusal.js';
import {
  MODERN_REVISION,
  UNSUPPORTED_PROTOCOL_VERSION,
} from '../transport/transport.constants.js';
import type {
  Caller,
  EndpointGate,
  McpRequest,
} from '../transport/transport.interfaces.js';
import { ModernMessages } from './modern.messages.js';

/**
 * Lets nothing of the 2025 era through, where an application wants to be rid of
 * it. Says what is spoken instead: `initialize` is all that such a client has
 * to find out.
 */
export class ModernOnlyGate implements EndpointGate {
  constructor(private readonly inner: EndpointGate) {}

  authenticate(
    request: IncomingMessage,
    response: ServerResponse,
  ): Caller | undefined | Promise<Caller | undefined> {
    return this.inner.authenticate(request, response);
  }

  authorize(
    message: McpRequest,
    _caller: Caller,
    request: IncomingMessage,
    response: ServerResponse,
  ): false {
    const supported = [MODERN_REVISION];
    const error = {
      code: UNSUPPORTED_PROTOCOL_VERSION,
      message: ModernMessages.legacyNotServed(supported),
      data: { supported, requested: requestedBy(message, request) },
    };
    refuse(response, 400, error, message.id);
    return false;
  }
}

function requestedBy(
  { method, params }: McpRequest,
  request: IncomingMessage,
): unknown {
  const asked = isObject(params) ? params['protocolVersion'] : undefined;
  return method === 'initialize' && typeof asked === 'string'
    ? asked
    : revisionHeaderOf(request);
}
