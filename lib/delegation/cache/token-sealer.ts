import { hkdfSync } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { SECRET_TOO_SHORT } from '../delegation.messages.js';

const MIN_SECRET_LENGTH = 32;

const encoder = new TextEncoder();

interface SealingKey {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/**
 * Encrypts what is kept outside of this process. The first secret seals; all of
 * them open, so that a secret can be replaced while values are around.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7516
 */
export class TokenSealer {
  private readonly keys: readonly SealingKey[];

  /**
   * @param purpose keeps keys of one secret that are used for two things apart
   * @throws TypeError for a secret of less than 32 characters
   */
  constructor(secrets: string | readonly string[], purpose: string) {
    const list = typeof secrets === 'string' ? [secrets] : secrets;
    if (
      list.length === 0 ||
      list.some((secret) => secret.length < MIN_SECRET_LENGTH)
    ) {
      throw new TypeError(SECRET_TOO_SHORT);
    }
    this.keys = list.map((secret) => deriveKey(secret, purpose));
  }

  /** @param context what the value belongs to: it only opens under the same */
  seal(value: object, context: string): Promise<string> {
    const [key] = this.keys;
    return new CompactEncrypt(
      encoder.encode(JSON.stringify({ context, value })),
    )
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: key!.id })
      .encrypt(key!.bytes);
  }

  /** `undefined` for anything that was not sealed by us for this context. */
  async open(sealed: unknown, context: string): Promise<unknown> {
    if (typeof sealed !== 'string') return undefined;
    try {
      const { plaintext } = await compactDecrypt(
        sealed,
        ({ kid }) => this.keys.find(({ id }) => id === kid)!.bytes,
        {
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        },
      );
      const opened = JSON.parse(new TextDecoder().decode(plaintext)) as {
        context: unknown;
        value: unknown;
      };
      return opened.context === context ? opened.value : undefined;
    } catch {
      return undefined;
    }
  }
}

function deriveKey(secret: string, purpose: string): SealingKey {
  const derive = (info: string, length: number) =>
    Buffer.from(hkdfSync('sha256', secret, purpose, info, length));
  return {
    id: derive('key id', 6).toString('base64url'),
    bytes: new Uint8Array(derive('key', 32)),
  };
}
