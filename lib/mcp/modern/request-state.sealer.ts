import { Sealer } from '../../replicas/sealer.js';
import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import { STATE_TIME_TO_LIVE } from './modern.constants.js';
import { ModernMessages } from './modern.messages.js';

const PURPOSE = 'nestjs-keycard mcp request state';

/** What a sealer is made of. */
export interface RequestStateSealerInit {
  /** The same on all replicas; without one, a key of this process. */
  readonly secret?: string | undefined;
  /** The server: states of others that share the secret are refused. */
  readonly audience: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * Lets clients carry the state of a call between its rounds. They can neither
 * read nor change it, nor use it for another call, as another user, or late.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/utilities/mrtr
 */
export class RequestStateSealer {
  private readonly sealer: Sealer;
  private readonly audience: string;
  private readonly now: () => number;

  /** @throws TypeError for a secret of less than 32 characters */
  constructor({
    secret,
    audience,
    now = () => Date.now(),
  }: RequestStateSealerInit) {
    this.sealer = new Sealer({ secret, purpose: PURPOSE, now });
    this.audience = audience;
    this.now = now;
  }

  /** @param binding what {@link open} must be called with */
  seal(state: unknown, binding: string): Promise<string> {
    const expiresAt = this.now() + STATE_TIME_TO_LIVE * 1000;
    return this.sealer.seal({ state }, this.contextOf(binding), expiresAt);
  }

  /** @throws JsonRpcError when it is not as we sealed it, for this call, in time */
  async open(sealed: unknown, binding: string): Promise<unknown> {
    const value = await this.sealer.open(sealed, this.contextOf(binding));
    // Wrapped, so that a state of undefined is told from none.
    if (value) return (value as { readonly state: unknown }).state;
    throw new JsonRpcError(
      JsonRpcErrorCode.InvalidParams,
      ModernMessages.invalidRequestState,
      { reason: 'invalid_request_state' },
    );
  }

  private contextOf(binding: string): string {
    return JSON.stringify([this.audience, binding]);
  }
}
