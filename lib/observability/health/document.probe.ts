import type { HealthProbe, HealthReport } from './health-probe.interface.js';

/** A document of another server, kept in memory. */
export interface ObservedDocument {
  /** Milliseconds since it was read; `undefined` before. */
  readonly age: number | undefined;
  /** Makes sure that there is one to use. */
  read?(): Promise<unknown>;
}

/** When a document gives reason to worry. */
export interface DocumentProbeOptions {
  /**
   * Milliseconds after which a document counts as outdated.
   * @default no limit
   */
  readonly maxAge?: number;
}

/**
 * Whether a document (metadata of a zone, a key set) can be used, and how old
 * it is. An old one is degraded, none at all is down.
 */
export class DocumentProbe implements HealthProbe {
  constructor(
    readonly name: string,
    private readonly document: ObservedDocument,
    private readonly options: DocumentProbeOptions = {},
  ) {}

  async probe(): Promise<HealthReport> {
    await this.document.read?.();
    const { age } = this.document;
    // Nobody needed it so far: nothing is wrong with that.
    if (age === undefined) return { status: 'up', details: { loaded: false } };
    const { maxAge = Infinity } = this.options;
    return {
      status: age > maxAge ? 'degraded' : 'up',
      details: { loaded: true, ageSeconds: Math.round(age / 1000) },
    };
  }
}
