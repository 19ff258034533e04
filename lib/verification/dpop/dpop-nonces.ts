import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { DpopConfigurationError } from './dpop-configuration.error.js';
import { INVALID_SECONDS, WEAK_NONCE_SECRET } from './dpop.messages.js';

/** Nonces for DPoP proofs. */
export interface DpopNonceOptions {
  /**
   * Whether every proof must carry a nonce. Otherwise a proof may have none,
   * but not a wrong one.
   */
  readonly required: boolean;
  /**
   * What nonces are derived from, 32 bytes or more. Replicas that share it
   * accept each other's nonces.
   * @default random, for the life of the process
   */
  readonly secret?: string | Uint8Array;
  /**
   * Seconds until there is a new nonce. The one before is accepted as well.
   * @default 300
   */
  readonly rotation?: number;
}

const MIN_SECRET_BYTES = 32;

/**
 * Nonces that need no memory: each is derived from a secret and the period of
 * time it is handed out in, so that any replica can check it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-8
 */
export class DpopNonces {
  readonly required: boolean;
  private readonly rotation: number;
  readonly #secret: Uint8Array;

  /** @throws DpopConfigurationError */
  constructor(options: DpopNonceOptions) {
    this.required = options.required;
    this.rotation = options.rotation ?? 300;
    if (!Number.isFinite(this.rotation) || this.rotation <= 0) {
      throw new DpopConfigurationError(INVALID_SECONDS('nonce.rotation'));
    }
    this.#secret = Buffer.from(options.secret ?? randomBytes(MIN_SECRET_BYTES));
    if (this.#secret.length < MIN_SECRET_BYTES) {
      throw new DpopConfigurationError(WEAK_NONCE_SECRET(MIN_SECRET_BYTES));
    }
  }

  /** The nonce that proofs should carry now. */
  current(): string {
    return this.derive(this.period()).toString('base64url');
  }

  /** Whether a nonce is the current one, or the one before. */
  accepts(nonce: string): boolean {
    const period = this.period();
    return [period, period - 1].some((one) => isEqual(nonce, this.derive(one)));
  }

  private period(): number {
    return Math.floor(Date.now() / 1000 / this.rotation);
  }

  private derive(period: number): Buffer {
    return createHmac('sha256', this.#secret)
      .update(`DPoP-Nonce ${period}`)
      .digest();
  }
}

function isEqual(nonce: string, expected: Buffer): boolean {
  const actual = Buffer.from(nonce);
  const text = Buffer.from(expected.toString('base64url'));
  return actual.length === text.length && timingSafeEqual(actual, text);
}
