import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JWTPayload } from 'jose';
import { withDefaultScope } from './authorization.repair.js';
import { RecordedCall, type CallLog } from './call-log.js';
import { playScript } from './call-script.player.js';
import type { CallScript } from './call-script.js';
import type { ConnectController } from './connect.controller.js';
import { CONNECT_DONE_PATH } from './connection.js';
import { kindOfPath, type CallKind } from './endpoints.js';
import type { WorkloadFederation } from './federation.js';
import type { InteractionController } from './interaction.controller.js';
import { isLoopbackHost } from './loopback.js';
import { redirect, sendJson } from './page.response.js';
import type { ProviderHost } from './provider-host.js';
import {
  allowRegistrationOrigin,
  answerRegistrationPreflight,
  repairRegistration,
} from './registration.repair.js';
import {
  BodyTooLargeError,
  parseForm,
  readBody,
  replayRequest,
} from './request-body.js';
import { referToTokenRecord } from './token-reference.js';
import type { ZoneContext } from './zone-context.js';

/** Everything the front door works with. */
export interface FrontParts {
  readonly context: ZoneContext;
  readonly host: ProviderHost;
  readonly log: CallLog;
  readonly script: CallScript;
  readonly federation: WorkloadFederation;
  readonly interactions: InteractionController;
  readonly connections: ConnectController;
}

/** One request on its way through the front door. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly kind: CallKind;
  readonly url: URL;
  readonly form: URLSearchParams | undefined;
  body: Buffer;
}

const CLIENT_AUTHENTICATED = new Set<CallKind>([
  'token',
  'introspect',
  'revoke',
]);

/**
 * The front door: refuses foreign hosts, records the call, plays scripted
 * answers, repairs what oidc-provider cannot be told by options, and passes
 * the request on to a page or to the engine.
 */
export class FrontController {
  constructor(private readonly parts: FrontParts) {}

  handle(request: IncomingMessage, response: ServerResponse): void {
    this.answer(request, response).catch((error: unknown) =>
      this.fail(response, error),
    );
  }

  private async answer(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (!isLoopbackHost(request.headers.host)) {
      response.writeHead(403).end();
      return;
    }
    if (!request.url?.startsWith('/')) {
      response.writeHead(400).end();
      return;
    }
    const exchange = await this.receive(request, response);
    this.record(exchange);
    const scripted = this.parts.script.take(exchange.kind);
    if (scripted && (await playScript(response, scripted))) {
      return;
    }
    if (this.isOnAnotherHost(exchange)) {
      const location = this.parts.context.issuer + (request.url ?? '/');
      redirect(response, 307, location);
      return;
    }
    await this.dispatch(exchange);
  }

  private async receive(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Exchange> {
    const { issuer, endpoints } = this.parts.context;
    const url = new URL(issuer + (request.url ?? '/'));
    const body = await readBody(request);
    return {
      request,
      response,
      kind: kindOfPath(url.pathname, endpoints),
      url,
      form: parseForm(request, body),
      body,
    };
  }

  private record({ request, response, kind, url, form }: Exchange): void {
    const { log, context } = this.parts;
    const call = new RecordedCall({
      kind,
      method: request.method ?? 'GET',
      url,
      headers: { ...request.headers },
      form: form && new URLSearchParams(form),
    });
    log.add(call);
    response.once('finish', () => {
      call.status = response.statusCode;
      context.events.emit('call', call);
    });
  }

  /** Pages have one host, or their cookies would not come back. */
  private isOnAnotherHost({ request, kind }: Exchange): boolean {
    if (request.method !== 'GET' || !['authorize', 'page'].includes(kind)) {
      return false;
    }
    return request.headers.host !== new URL(this.parts.context.issuer).host;
  }

  private async dispatch(exchange: Exchange): Promise<void> {
    const { request, response, url, form } = exchange;
    const { connections, interactions } = this.parts;
    if (url.pathname === '/connect') {
      connections.start(url, response);
      return;
    }
    if (url.pathname === CONNECT_DONE_PATH) {
      connections.finish(url, response);
      return;
    }
    if (url.pathname.startsWith('/interaction/')) {
      const replay = this.replay(exchange);
      await interactions.handle(
        replay,
        response,
        form ?? new URLSearchParams(),
      );
      return;
    }
    if (exchange.kind === 'registration') {
      allowRegistrationOrigin(response);
      if (answerRegistrationPreflight(request, response)) {
        return;
      }
      exchange.body = repairRegistration(exchange.body);
    }
    const claims = await this.rewriteForm(exchange);
    const replay = this.replay(exchange);
    if (url.pathname === this.parts.context.endpoints.authorization) {
      replay.url = withDefaultScope(this.parts.context, url);
    }
    if (claims) {
      this.parts.context.presentedTokens.set(replay, claims);
    }
    await this.parts.host.handle(replay, response);
  }

  /** Replaces what the engine cannot read: workload tokens and JWTs to look up. */
  private async rewriteForm(
    exchange: Exchange,
  ): Promise<JWTPayload | undefined> {
    const { form, kind } = exchange;
    if (!form || !CLIENT_AUTHENTICATED.has(kind)) {
      return undefined;
    }
    await this.parts.federation.authenticate(form);
    const claims =
      kind === 'token'
        ? undefined
        : await referToTokenRecord(this.parts.context, form);
    exchange.body = Buffer.from(form.toString());
    return claims;
  }

  private replay({ request, body }: Exchange): IncomingMessage {
    const { host } = new URL(this.parts.context.issuer);
    return replayRequest(request, host, body);
  }

  private fail(response: ServerResponse, error: unknown): void {
    if (response.socket?.destroyed) {
      return;
    }
    const tooLarge = error instanceof BodyTooLargeError;
    if (!tooLarge) {
      const problem = error instanceof Error ? error : new Error(String(error));
      this.parts.context.events.emit('problem', problem);
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const code = tooLarge ? 'invalid_request' : 'server_error';
    sendJson(response, tooLarge ? 413 : 500, { error: code });
  }
}
