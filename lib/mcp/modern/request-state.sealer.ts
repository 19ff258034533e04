import { hkdfSync, randomBytes } from 'node:crypto';
import { EncryptJWT, jwtDecrypt } from 'jose';
import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import { STATE_TIME_TO_LIVE } from './modern.constants.js';
import { ModernMessages } from './modern.messages.js';

const ALGORITHM = 'dir';
const ENCRYPTION = 'A256GCM';
const KEY_BYTES = 32;
const KEY_PURPOSE = 'nestjs-keycard mcp request state';

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
  private readonly key: Uint8Array;
  private readonly audience: string;
  private readonly now: () => number;

  constructor({ secret, audience, now = Date.now }: RequestStateSealerInit) {
    this.key =
      secret === undefined ? randomBytes(KEY_BYTES) : deriveKey(secret);
    this.audience = audience;
    this.now = now;
  }

  /** @param binding what {@link open} must be called with */
  seal(state: unknown, binding: string): Promise<string> {
    const now = Math.floor(this.now() / 1000);
    return new EncryptJWT({ state, binding })
      .setProtectedHeader({ alg: ALGORITHM, enc: ENCRYPTION })
      .setAudience(this.audience)
      .setExpirationTime(now + STATE_TIME_TO_LIVE)
      .encrypt(this.key);
  }

  /** @throws JsonRpcError when it is not as we sealed it, for this call, in time */
  async open(sealed: unknown, binding: string): Promise<unknown> {
    const claims = await this.decrypt(sealed);
    if (claims?.binding === binding) return claims.state;
    throw new JsonRpcError(
      JsonRpcErrorCode.InvalidParams,
      ModernMessages.invalidRequestState,
      { reason: 'invalid_request_state' },
    );
  }

  private async decrypt(
    sealed: unknown,
  ): Promise<Record<string, unknown> | undefined> {
    if (typeof sealed !== 'string') return undefined;
    try {
      const { payload } = await jwtDecrypt(sealed, this.key, {
        keyManagementAlgorithms: [ALGORITHM],
        contentEncryptionAlgorithms: [ENCRYPTION],
        audience: this.audience,
        requiredClaims: ['exp'],
        currentDate: new Date(this.now()),
      });
      return payload;
    } catch {
      // Why it failed is nobody's business: that would help who forges it.
      return undefined;
    }
  }
}

function deriveKey(secret: string): Uint8Array {
  return new Uint8Array(
    hkdfSync('sha256', secret, new Uint8Array(), KEY_PURPOSE, KEY_BYTES),
  );
}
