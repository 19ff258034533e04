import { LRUCache } from 'lru-cache';
import type { HttpFetch } from '../oauth/http-fetch.js';
import {
  discoverServer,
  type ServerMetadata,
} from '../oauth/server-metadata.js';
import { RemoteDocument } from './remote-document.js';
import { ZoneUnavailableError } from './zone-unavailable.error.js';

/** How long the metadata of a zone is believed. */
export interface ZoneDiscoveryOptions {
  /**
   * Milliseconds until metadata is read again.
   * @default 3600000 (one hour)
   */
  readonly lifetime?: number;
  /**
   * Milliseconds that old metadata is served while the zone is down.
   * @default 86400000 (one day)
   */
  readonly staleGrace?: number;
  /**
   * Milliseconds between two attempts while old metadata is served.
   * @default 30000
   */
  readonly cooldown?: number;
  /**
   * Number of issuers remembered.
   * @default 256
   */
  readonly maxIssuers?: number;
}

/** Metadata of authorization servers, remembered per issuer. */
export class ZoneDiscovery {
  private readonly documents: LRUCache<string, RemoteDocument<ServerMetadata>>;
  // Whoever makes up zones must not push those out that there are.
  private readonly unread = new Map<string, RemoteDocument<ServerMetadata>>();

  constructor(
    private readonly fetch: HttpFetch,
    private readonly options: ZoneDiscoveryOptions = {},
  ) {
    this.documents = new LRUCache({ max: options.maxIssuers ?? 256 });
  }

  /**
   * @throws ZoneUnavailableError with what went wrong as its cause
   */
  async metadataOf(issuer: string): Promise<ServerMetadata> {
    const document = this.documents.get(issuer) ?? this.unreadOf(issuer);
    try {
      const metadata = await document.current();
      if (this.forget(issuer, document)) this.documents.set(issuer, document);
      return metadata;
    } catch (error) {
      this.forget(issuer, document);
      throw new ZoneUnavailableError(issuer, { cause: error });
    }
  }

  /** The metadata, if it need not be read again. */
  remembered(issuer: string): ServerMetadata | undefined {
    return this.documents.get(issuer)?.fresh;
  }

  /** Milliseconds since the metadata was read; `undefined` before. */
  ageOf(issuer: string): number | undefined {
    return this.documents.get(issuer)?.age;
  }

  /** `true` once, for the first to know how reading it went. */
  private forget(
    issuer: string,
    document: RemoteDocument<ServerMetadata>,
  ): boolean {
    if (this.unread.get(issuer) !== document) return false;
    return this.unread.delete(issuer);
  }

  private unreadOf(issuer: string): RemoteDocument<ServerMetadata> {
    let document = this.unread.get(issuer);
    if (!document) {
      const { lifetime, staleGrace, cooldown } = this.options;
      document = new RemoteDocument(() => discoverServer(issuer, this.fetch), {
        lifetime: lifetime ?? 3_600_000,
        staleGrace: staleGrace ?? 86_400_000,
        cooldown: cooldown ?? 30_000,
      });
      this.unread.set(issuer, document);
    }
    return document;
  }
}
