/** Milliseconds between two complaints. */
const INTERVAL = 60_000;

/**
 * Tells of failures now and then, by the name of the error: its message may
 * quote an address with a password in it.
 */
export class Complaints {
  private toldAt = 0;

  constructor(private readonly tell: (name: string) => void) {}

  about(error: unknown): void {
    if (Date.now() - this.toldAt < INTERVAL) return;
    this.toldAt = Date.now();
    this.tell(error instanceof Error ? error.name : 'unknown');
  }
}
