import { JsonRpcErrorCode } from '../json-rpc.error.js';
import { bounded } from './abridged-introduction.js';
import type { CallRunner } from './call-runner.js';
import { isGone } from './connection-close.js';
import type { EndpointParts } from './endpoint-parts.js';
import type { InboundPost } from './inbound-post.js';
import { classifyMessage, requestIdOf } from './message-classifier.js';
import { isProtocolRequest } from './protocol-server.js';
import { refuse, refuseFailed, refuseMessage } from './refusal.js';
import type { ClientIntroduction } from './session-ids.js';
import { refuseFull } from './session-lookup.js';
import type { Session } from './session.js';
import type { SessionRegistry } from './session-registry.js';
import type { McpRequest } from './transport.interfaces.js';
import { TransportMessages } from './transport.messages.js';

/** Answers a POST that carries one message. */
export class SingleMessage {
  constructor(
    private readonly parts: EndpointParts,
    private readonly runner: CallRunner,
  ) {}

  handle(post: InboundPost): void {
    const { body, response, session } = post;
    const classified = classifyMessage(body);
    if (classified.kind === 'invalid') {
      const message = TransportMessages.invalidRequest;
      refuseMessage(response, message, requestIdOf(body));
      return;
    }
    if (classified.kind === 'request') {
      this.request(classified.message, post);
      return;
    }
    if (!session && this.refusesStateless(post)) return;
    const transport = this.runner.transportOf(session);
    if (classified.kind === 'notification') {
      transport.deliverNotification(classified.message);
    } else {
      transport.deliverResponse(classified.message);
    }
    response.writeHead(202).end();
  }

  /** Whether requests need a session. `true`: refused and answered. */
  refusesStateless({ body, response }: InboundPost): boolean {
    if (this.parts.options.stateless) return false;
    const code = JsonRpcErrorCode.ConnectionError;
    const message = TransportMessages.sessionRequired;
    refuse(response, 400, { code, message }, requestIdOf(body));
    return true;
  }

  private request(message: McpRequest, post: InboundPost): void {
    const { response, session } = post;
    const { sessions } = this.parts;
    const opensSession = message.method === 'initialize' && sessions;
    if (opensSession && session) {
      const text = TransportMessages.alreadyInitialized;
      refuseMessage(response, text, message.id);
      return;
    }
    if (!session && !opensSession && this.refusesStateless(post)) return;
    if (!this.runner.authorizes(message, post)) return;
    // A request the SDK would not understand is refused without a session.
    if (opensSession && isProtocolRequest(message)) {
      this.openSession(sessions, message, post).catch((error: unknown) =>
        refuseFailed(response, this.parts.options.logger, error),
      );
      return;
    }
    this.runner.run(message, post);
  }

  private async openSession(
    sessions: SessionRegistry,
    message: McpRequest,
    post: InboundPost,
  ): Promise<void> {
    const client = bounded(message.params as unknown as ClientIntroduction);
    const session = await sessions.open(post.caller, client);
    if (!session) {
      refuseFull(post.response, message.id);
      return;
    }
    const params = { ...client };
    this.initialize(sessions, session, { ...message, params }, post);
  }

  // A session whose id never reached its client is of no use.
  private initialize(
    sessions: SessionRegistry,
    session: Session,
    message: McpRequest,
    post: InboundPost,
  ): void {
    this.runner.run(message, { ...post, session }, (answer) => {
      if (answer && 'result' in answer && !isGone(post.response)) {
        const result = answer.result as { protocolVersion: string };
        session.agreeOn(result.protocolVersion);
      } else {
        void sessions.discard(session);
      }
    });
  }
}
