import type { McpChange } from '../changes/change.js';
import { LegacyEntry } from './legacy-entry.js';
import { ModernEntry } from './modern-entry.js';
import type { StdioEntry, StdioParts } from './stdio-parts.js';
import type { StdioSdk } from './stdio-sdk.loader.js';

/** The one client of the process. */
export class StdioConnection {
  /** Settles when the client has gone. Never, when it was let go. */
  readonly departed: Promise<void>;
  private readonly entry: StdioEntry;
  private closing: Promise<void> | undefined;

  /** @param sdk absent: the 2025 era alone is spoken */
  constructor(
    private readonly parts: StdioParts,
    sdk: StdioSdk | undefined,
  ) {
    this.entry = sdk ? new ModernEntry(parts, sdk) : new LegacyEntry(parts);
    this.departed = new Promise((resolve) => {
      parts.wire.whenClosed(() => {
        if (!this.closing) resolve();
      });
    });
  }

  async start(): Promise<void> {
    await this.entry.start();
  }

  tell(change: McpChange): void {
    this.entry.tell(change);
  }

  /** Calls in flight are told so, and whatever can be answered is. */
  async close(): Promise<void> {
    this.closing ??= Promise.resolve().then(() => this.end());
    await this.closing;
  }

  private async end(): Promise<void> {
    const { wire } = this.parts;
    wire.close();
    await this.entry.close();
    await wire.flush();
  }
}
