import type { IncomingMessage, ServerResponse } from 'node:http';
import { JsonRpcErrorCode } from '../json-rpc.error.js';
import { readBody, type BodyFailure, type RequestBody } from './body-reader.js';
import { CallRunner } from './call-runner.js';
import { isGone } from './connection-close.js';
import type { EndpointParts } from './endpoint-parts.js';
import { isModern, revisionHeaderOf } from './era.js';
import type { InboundPost } from './inbound-post.js';
import {
  acceptsAnswers,
  isJson,
  isPlainEncoding,
  isUtf8Type,
} from './media-types.js';
import { MessageBatch } from './message-batch.js';
import { requestIdOf } from './message-classifier.js';
import { ModernRoute } from './modern-route.js';
import { refuse, refuseFailed } from './refusal.js';
import { admitsRevision, adoptSession, sessionIdOf } from './session-lookup.js';
import { SingleMessage } from './single-message.js';
import type { Caller } from './transport.interfaces.js';
import { TransportMessages } from './transport.messages.js';

/** How bodies are refused that were not read to their end. */
const UNREAD_BODIES = {
  'too-large': [413, TransportMessages.bodyTooLarge],
  'too-slow': [408, TransportMessages.bodyTooSlow],
} as const;

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
    // The client may have left while its body was read by somebody else.
    if (isGone(response)) return;
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
    const post = { request, response, caller, body: value, session };
    if (sessionId === undefined || session) this.deliver(post);
    else this.deliverAdopted(sessionId, post);
  }

  private deliverAdopted(sessionId: string, post: InboundPost): void {
    const { body, caller, response } = post;
    const { sessions, options } = this.parts;
    adoptSession(sessions, sessionId, caller, response, requestIdOf(body))
      .then((session) => session && this.deliver({ ...post, session }))
      .catch((error: unknown) => refuseFailed(response, options.logger, error));
  }

  private deliver(post: InboundPost): void {
    if (Array.isArray(post.body)) this.batch.handle(post.body, post);
    else this.single.handle(post);
  }
}

function isNegotiable(
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const { headers } = request;
  const code = JsonRpcErrorCode.ConnectionError;
  if (!acceptsAnswers(headers.accept)) {
    refuse(response, 406, { code, message: TransportMessages.acceptBoth });
    return false;
  }
  const message = mediaFaultOf(request);
  if (message === undefined) return true;
  refuse(response, 415, { code, message }, null, {
    'accept-encoding': 'identity',
  });
  return false;
}

function mediaFaultOf(request: IncomingMessage): string | undefined {
  const { headers, readableEnded } = request;
  const type = headers['content-type'];
  if (!isJson(type)) return TransportMessages.contentType;
  if (!isUtf8Type(type)) return TransportMessages.charset;
  // A body parser that ran before has undone the encoding.
  return readableEnded || isPlainEncoding(headers['content-encoding'])
    ? undefined
    : TransportMessages.contentEncoding;
}

function refuseBody(response: ServerResponse, failure: BodyFailure): void {
  if (failure === 'not-json') {
    const code = JsonRpcErrorCode.ParseError;
    refuse(response, 400, { code, message: TransportMessages.parseError });
    return;
  }
  const code = JsonRpcErrorCode.ConnectionError;
  const [status, message] = UNREAD_BODIES[failure];
  // The rest of the body is not worth reading for the sake of the connection.
  refuse(response, status, { code, message }, null, { connection: 'close' });
}
