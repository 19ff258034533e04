import type { IncomingMessage, ServerResponse } from 'node:http';
import { JsonRpcErrorCode } from '../json-rpc.error.js';
import { readBody, type RequestBody } from './body-reader.js';
import { CallRunner } from './call-runner.js';
import type { EndpointParts } from './endpoint-parts.js';
import { isModern, revisionHeaderOf } from './era.js';
import type { InboundPost } from './inbound-post.js';
import { acceptsAnswers, isJson } from './media-types.js';
import { MessageBatch } from './message-batch.js';
import { requestIdOf } from './message-classifier.js';
import { ModernRoute } from './modern-route.js';
import { refuse, refuseFailed } from './refusal.js';
import {
  admitsRevision,
  refuseSession,
  sessionIdOf,
} from './session-lookup.js';
import { SingleMessage } from './single-message.js';
import type { Caller } from './transport.interfaces.js';
import { TransportMessages } from './transport.messages.js';

/** Messages of a client. The caller is known by now. */
export class PostRoute {
  private readonly modern: ModernRoute;
  private readonly single: SingleMessage;
  private readonly batch: MessageBatch;

  constructor(private readonly parts: EndpointParts) {
    const { maxBatch, modern, logger } = parts.options;
    const runner = new CallRunner(parts);
    this.modern = new ModernRoute(modern, logger);
    this.single = new SingleMessage(parts, runner);
    this.batch = new MessageBatch(maxBatch, runner, this.single);
  }

  handle(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
  ): void {
    if (!isNegotiable(request, response)) return;
    const { bodyLimit, logger } = this.parts.options;
    readBody(request, bodyLimit, (body) => {
      // Called back from an event: nobody else catches what is thrown here.
      try {
        this.receive(request, response, caller, body);
      } catch (error) {
        refuseFailed(response, logger, error);
      }
    });
  }

  private receive(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
    body: RequestBody,
  ): void {
    // The client may have left while the caller was being verified.
    if (response.destroyed) return;
    if ('failure' in body) {
      refuseBody(response, body.failure);
      return;
    }
    const { value } = body;
    if (isModern(value, revisionHeaderOf(request))) {
      this.modern.handle(request, response, value, caller);
      return;
    }
    if (!admitsRevision(request, response, requestIdOf(value))) return;
    const sessionId = sessionIdOf(request);
    const session =
      sessionId === undefined
        ? undefined
        : this.parts.sessions?.find(sessionId, caller);
    if (sessionId !== undefined && !session) {
      refuseSession(response, requestIdOf(value));
      return;
    }
    this.deliver({ request, response, caller, body: value, session });
  }

  private deliver(post: InboundPost): void {
    if (Array.isArray(post.body)) this.batch.handle(post.body, post);
    else this.single.handle(post);
  }
}

function isNegotiable(
  { headers }: IncomingMessage,
  response: ServerResponse,
): boolean {
  const code = JsonRpcErrorCode.ConnectionError;
  if (!acceptsAnswers(headers.accept)) {
    refuse(response, 406, { code, message: TransportMessages.acceptBoth });
    return false;
  }
  if (!isJson(headers['content-type'])) {
    refuse(response, 415, { code, message: TransportMessages.contentType });
    return false;
  }
  return true;
}

function refuseBody(
  response: ServerResponse,
  failure: 'too-large' | 'not-json',
): void {
  if (failure === 'not-json') {
    const code = JsonRpcErrorCode.ParseError;
    refuse(response, 400, { code, message: TransportMessages.parseError });
    return;
  }
  const code = JsonRpcErrorCode.ConnectionError;
  const message = TransportMessages.bodyTooLarge;
  // The rest of the body is not worth reading for the sake of the connection.
  refuse(response, 413, { code, message }, null, { connection: 'close' });
}
