import type { McpChange } from '../changes/change.js';
import { claimedRevision, SUPPORTED_REVISIONS } from '../transport/era.js';
import { UNSUPPORTED_PROTOCOL_VERSION } from '../transport/transport.constants.js';
import { TransportMessages } from '../transport/transport.messages.js';
import { LegacyConnection } from './legacy-connection.js';
import type { StdioEntry, StdioParts } from './stdio-parts.js';
import type { SoundMessage } from './stdio-wire.js';

/** Speaks the 2025 era alone, and tells clients of the other one so. */
export class LegacyEntry implements StdioEntry {
  private readonly connection: LegacyConnection;

  constructor(private readonly parts: StdioParts) {
    this.connection = new LegacyConnection(parts);
  }

  async start(): Promise<void> {
    const { wire } = this.parts;
    await this.connection.open();
    wire.deliverTo((message) => this.receive(message));
    wire.start();
  }

  tell(change: McpChange): void {
    this.connection.tell(change);
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  private receive(classified: SoundMessage): void {
    const { kind, message } = classified;
    const requested = claimedRevision(message);
    if (requested === undefined) {
      this.connection.receive(classified);
    } else if (kind === 'request') {
      this.parts.wire.refuse(message.id, {
        code: UNSUPPORTED_PROTOCOL_VERSION,
        message: TransportMessages.unsupportedVersion(SUPPORTED_REVISIONS),
        data: { supported: SUPPORTED_REVISIONS, requested },
      });
    }
  }
}
