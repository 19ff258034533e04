import type { CallRunner } from './call-runner.js';
import { claimedRevision, revisionHeaderOf } from './era.js';
import type { InboundPost } from './inbound-post.js';
import {
  classifyMessage,
  type ClassifiedMessage,
} from './message-classifier.js';
import { refuseMessage } from './refusal.js';
import type { SingleMessage } from './single-message.js';
import { BATCH_REVISION } from './transport.constants.js';
import type { McpRequest } from './transport.interfaces.js';
import { TransportMessages } from './transport.messages.js';

/**
 * Answers a POST that carries a list of messages, which revision 2025-03-26
 * allows. All of the list is decided on before any of it runs.
 */
export class MessageBatch {
  constructor(
    private readonly maxBatch: number,
    private readonly runner: CallRunner,
    private readonly single: SingleMessage,
  ) {}

  handle(list: readonly unknown[], post: InboundPost): void {
    const messages =
      list.length > this.maxBatch ? [] : list.map(classifyMessage);
    const fault = this.faultOf(list, messages, post);
    if (fault !== undefined) {
      refuseMessage(post.response, fault);
      return;
    }
    if (!post.session && this.single.refusesStateless(post)) return;
    const requests = requestsAmong(messages);
    if (!requests.every((message) => this.runner.authorizes(message, post))) {
      return;
    }
    this.deliverOthers(messages, post);
    if (requests.length > 0) this.runner.runBatch(requests, post);
    else post.response.writeHead(202).end();
  }

  private faultOf(
    list: readonly unknown[],
    messages: readonly ClassifiedMessage[],
    { request, session }: InboundPost,
  ): string | undefined {
    const revision =
      revisionHeaderOf(request) ?? session?.protocolVersion ?? BATCH_REVISION;
    if (revision !== BATCH_REVISION) {
      return TransportMessages.batchRevision(revision);
    }
    if (list.length === 0) return TransportMessages.batchEmpty;
    if (list.length > this.maxBatch) {
      return TransportMessages.batchTooLarge(this.maxBatch);
    }
    const isSound = messages.every(mayBeInBatch) && !list.some(isModernMessage);
    return isSound ? undefined : TransportMessages.batchMessage;
  }

  private deliverOthers(
    messages: readonly ClassifiedMessage[],
    { session }: InboundPost,
  ): void {
    const transport = this.runner.transportOf(session);
    for (const { kind, message } of messages.filter(isMessage)) {
      if (kind === 'notification') transport.deliverNotification(message);
      if (kind === 'response') transport.deliverResponse(message);
    }
  }
}

type SoundMessage = Exclude<ClassifiedMessage, { kind: 'invalid' }>;

function isMessage(classified: ClassifiedMessage): classified is SoundMessage {
  return classified.kind !== 'invalid';
}

// initialize stands alone: what follows it needs the session it opens.
function mayBeInBatch(classified: ClassifiedMessage): boolean {
  if (classified.kind === 'request') {
    return classified.message.method !== 'initialize';
  }
  return isMessage(classified);
}

function isModernMessage(message: unknown): boolean {
  return claimedRevision(message) !== undefined;
}

function requestsAmong(messages: readonly ClassifiedMessage[]): McpRequest[] {
  const requests: McpRequest[] = [];
  for (const classified of messages) {
    if (classified.kind === 'request') requests.push(classified.message);
  }
  return requests;
}
