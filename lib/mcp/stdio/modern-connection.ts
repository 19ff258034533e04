import type { Server } from '@modelcontextprotocol/server';
import { toNotification, type McpChange } from '../changes/change.js';
import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import { InputRounds } from '../modern/input-rounds.js';
import { ModernCallRunner } from '../modern/modern-call.runner.js';
import { ModernServerFactory } from '../modern/modern-server.factory.js';
import { REMOVED_METHODS } from '../modern/modern.constants.js';
import { RequestStateSealer } from '../modern/request-state.sealer.js';
import { encodeMessage } from '../transport/message-encoder.js';
import { MAX_BACKLOG } from '../transport/transport.constants.js';
import { TransportMessages } from '../transport/transport.messages.js';
import { ModernCall } from './modern-call.js';
import type { ModernTransport } from './modern.transport.js';
import type { StdioParts } from './stdio-parts.js';
import type { StdioSdk } from './stdio-sdk.loader.js';

type Answering = NonNullable<Server['fallbackRequestHandler']>;
type Call = Parameters<Answering>[1]['mcpReq'];

/** A connection of the modern era: the package's server, and our answers. */
export class ModernConnection {
  readonly server: Server;
  private readonly runner: ModernCallRunner;

  /** @param report told what the package could not do */
  constructor(
    private readonly parts: StdioParts,
    private readonly transport: Pick<ModernTransport, 'find'>,
    sdk: StdioSdk,
    report: (error: Error) => void,
  ) {
    const { introduction, dispatcher, audience, eras, logger } = parts;
    const secret = eras.stateSecret;
    const runner = new ModernCallRunner({
      dispatcher,
      logger,
      logging: introduction.capabilities.logging !== undefined,
      rounds: new InputRounds(new RequestStateSealer({ secret, audience })),
    });
    const init = { ...introduction, sdk, dispatcher, runner, logger };
    this.runner = runner;
    this.server = Object.assign(
      new ModernServerFactory(init).create({ isOpen: false, fail: () => {} }),
      { onerror: report },
    );
    // Whatever the package has no handler for, that is, any method of ours.
    this.server.fallbackRequestHandler = (_request, { mcpReq }) =>
      this.answer(mcpReq);
  }

  /** The package passes it on to those who listen for it. */
  tell(change: McpChange): void {
    this.server.notification(toNotification(change)).catch(() => {
      // Of an area that was not there when the client asked what is.
    });
  }

  private async answer(call: Call): Promise<Record<string, unknown>> {
    const { dispatcher, caller } = this.parts;
    const message = this.transport.find(call.id);
    const isKnown =
      message &&
      dispatcher.handles(message.method) &&
      !REMOVED_METHODS.includes(message.method);
    if (!isKnown) {
      const code = JsonRpcErrorCode.MethodNotFound;
      throw new JsonRpcError(code, TransportMessages.methodNotFound);
    }
    const exchange = new ModernCall(caller.current, call.signal);
    return this.runner.run(message, exchange, (method, params) =>
      this.notify(call, method, params),
    );
  }

  // Handlers rarely wait for it, so it must not be a rejection.
  private async notify(
    call: Call,
    method: string,
    params: Record<string, unknown> | undefined,
  ): Promise<void> {
    const { wire, logger } = this.parts;
    if (wire.backlog > MAX_BACKLOG || call.signal.aborted) return;
    const notification = { method, ...(params && { params }) };
    if (encodeMessage(notification, logger) === undefined) return;
    await call.notify(notification).catch(() => {});
  }
}
