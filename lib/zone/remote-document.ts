/** How long a document of a zone is believed. */
export interface RemoteDocumentOptions {
  /** Milliseconds until the document is read again. */
  readonly lifetime: number;
  /** Milliseconds that an outdated document is served while it cannot be read. */
  readonly staleGrace: number;
  /** Milliseconds between two attempts while there is a document to serve. */
  readonly cooldown: number;
}

/**
 * A document of another server, kept in memory: one request for concurrent
 * readers, nothing sticky about a failure, and stale rather than none while
 * the other server is down.
 */
export class RemoteDocument<T> {
  private value: T | undefined;
  private readAt = 0;
  private attemptedAt = 0;
  private failure: unknown;
  private pending: Promise<T> | undefined;

  constructor(
    private readonly load: () => Promise<T>,
    private readonly options: RemoteDocumentOptions,
  ) {}

  /** Milliseconds since the document was read; `undefined` before. */
  get age(): number | undefined {
    return this.value === undefined ? undefined : Date.now() - this.readAt;
  }

  /** The document, if it need not be read again. */
  get fresh(): T | undefined {
    const age = this.age ?? Infinity;
    return age < this.options.lifetime ? this.value : undefined;
  }

  /** The document: fresh, or read again, or stale within the grace. */
  async current(): Promise<T> {
    const { lifetime, staleGrace } = this.options;
    const age = this.age ?? Infinity;
    if (age < lifetime) return this.value!;
    const canServeStale = age < lifetime + staleGrace;
    // Readers must not wait for a server that is down again and again.
    if (canServeStale && (this.pending || this.hasJustFailed)) {
      return this.value!;
    }
    try {
      return await this.read();
    } catch (error) {
      if (canServeStale) return this.value!;
      throw error;
    }
  }

  /**
   * Reads the document again although it is fresh, at most once per cooldown.
   * Answers `false` while cooling down after a success, and fails again while
   * cooling down after a failure: what was not read cannot be ruled out.
   */
  async refresh(): Promise<boolean> {
    if (this.pending) return this.pending.then(() => true);
    if (this.hasJustFailed) throw this.failure;
    if (this.isCoolingDown) return false;
    await this.read();
    return true;
  }

  private get isCoolingDown(): boolean {
    return Date.now() - this.attemptedAt < this.options.cooldown;
  }

  private get hasJustFailed(): boolean {
    return this.failure !== undefined && this.isCoolingDown;
  }

  private read(): Promise<T> {
    this.pending ??= this.attempt().finally(() => {
      this.pending = undefined;
    });
    return this.pending;
  }

  private async attempt(): Promise<T> {
    this.attemptedAt = Date.now();
    try {
      this.value = await this.load();
      this.readAt = Date.now();
      this.failure = undefined;
      return this.value;
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}
