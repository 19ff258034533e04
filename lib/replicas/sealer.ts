import { hkdfSync, randomBytes } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { MIN_SECRET_LENGTH, SECRET_TOO_SHORT } from './replicas.messages.js';

const ALGORITHM = 'dir';
const ENCRYPTION = 'A256GCM';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

interface SealingKey {
  readonly id: string;
  readonly bytes: Uint8Array;
}

interface Envelope {
  readonly context: unknown;
  readonly value: unknown;
  /** In milliseconds since the epoch. */
  readonly expiresAt?: unknown;
}

/** What a sealer is made of. */
export interface SealerInit {
  /**
   * At least 32 characters, the same on all replicas. The first of a list
   * seals, all of them open.
   * @default a random key of this process
   */
  readonly secret?: string | readonly string[] | undefined;
  /** Keeps keys of one secret that are used for two things apart. */
  readonly purpose: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * Encrypts what is kept outside of this process. Whoever keeps it can neither
 * read nor change it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7516
 */
export class Sealer {
  private readonly keys: readonly SealingKey[];
  private readonly now: () => number;

  /** @throws TypeError for a secret of less than 32 characters */
  constructor({ secret, purpose, now = () => Date.now() }: SealerInit) {
    const secrets = secretsOf(secret);
    if (
      secrets.length === 0 ||
      secrets.some(({ length }) => length < MIN_SECRET_LENGTH)
    ) {
      throw new TypeError(SECRET_TOO_SHORT);
    }
    this.keys = secrets.map((text) => deriveKey(text, purpose));
    this.now = now;
  }

  /**
   * @param context what the value belongs to: it only opens under the same
   * @param expiresAt in milliseconds since the epoch; it never does without
   */
  seal(value: unknown, context: string, expiresAt?: number): Promise<string> {
    const [key] = this.keys;
    const envelope: Envelope = { context, value, expiresAt };
    return new CompactEncrypt(encoder.encode(JSON.stringify(envelope)))
      .setProtectedHeader({ alg: ALGORITHM, enc: ENCRYPTION, kid: key!.id })
      .encrypt(key!.bytes);
  }

  /** `undefined` for anything that was not sealed by us, for this, in time. */
  async open(sealed: unknown, context: string): Promise<unknown> {
    if (typeof sealed !== 'string' || !isCanonical(sealed)) return undefined;
    try {
      const { plaintext } = await compactDecrypt(
        sealed,
        ({ kid }) => this.keys.find(({ id }) => id === kid)!.bytes,
        {
          keyManagementAlgorithms: [ALGORITHM],
          contentEncryptionAlgorithms: [ENCRYPTION],
        },
      );
      const envelope = JSON.parse(decoder.decode(plaintext)) as Envelope;
      return this.isValid(envelope, context) ? envelope.value : undefined;
    } catch {
      // Why it failed is nobody's business: that would help who forges it.
      return undefined;
    }
  }

  private isValid(envelope: Envelope, context: string): boolean {
    if (envelope.context !== context) return false;
    const { expiresAt } = envelope;
    return expiresAt === undefined || Number(expiresAt) > this.now();
  }
}

function secretsOf(secret: SealerInit['secret']): readonly string[] {
  if (secret === undefined) return [randomBytes(32).toString('base64url')];
  return typeof secret === 'string' ? [secret] : secret;
}

// Base64 leaves bits over, and its decoders take more than they write: without
// this, one sealed value could be written in several ways.
function isCanonical(sealed: string): boolean {
  return sealed
    .split('.')
    .every(
      (part) => Buffer.from(part, 'base64url').toString('base64url') === part,
    );
}

function deriveKey(secret: string, purpose: string): SealingKey {
  const derive = (info: string, length: number) =>
    Buffer.from(hkdfSync('sha256', secret, purpose, info, length));
  return {
    id: derive('key id', 6).toString('base64url'),
    bytes: new Uint8Array(derive('key', 32)),
  };
}
