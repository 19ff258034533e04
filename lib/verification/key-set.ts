import { importJWK, type CryptoKey, type JWK } from 'jose';
import type { HttpFetch } from '../oauth/http-fetch.js';
import type { ServerMetadata } from '../oauth/server-metadata.js';
import { OAuthHttpError } from '../oauth/errors/oauth-http.error.js';
import { OAuthResponseError } from '../oauth/errors/oauth-response.error.js';
import { assertIssuerEndpoint } from '../oauth/issuer-endpoint.js';
import { RemoteDocument } from '../zone/remote-document.js';
import { isSignatureKey } from './signature-key.js';
import { NO_KEY_SET } from './verification.messages.js';

/** How long the keys of an issuer are believed. */
export interface KeySetOptions {
  /**
   * Milliseconds until the keys are read again: the longest that a withdrawn
   * key is accepted while the issuer can be reached.
   * @default 300000 (five minutes)
   */
  readonly lifetime?: number;
  /**
   * Milliseconds that old keys are used while the issuer is down.
   * @default 3600000 (one hour)
   */
  readonly staleGrace?: number;
  /**
   * Milliseconds between two reads that tokens with unknown keys can cause.
   * @default 30000
   */
  readonly cooldown?: number;
}

/** Most keys of one set that are looked at. */
const MAX_KEYS = 64;

/** `undefined` for what looks like a key but is none. */
type ImportedKey = Promise<CryptoKey | undefined>;

/** The keys one issuer signs access tokens with. */
export class KeySet {
  private readonly document: RemoteDocument<readonly JWK[]>;
  private readonly imported = new WeakMap<JWK, Map<string, ImportedKey>>();

  constructor(
    private readonly metadata: () => Promise<ServerMetadata>,
    private readonly fetch: HttpFetch,
    options: KeySetOptions = {},
  ) {
    this.document = new RemoteDocument(() => this.load(), {
      lifetime: options.lifetime ?? 300_000,
      staleGrace: options.staleGrace ?? 3_600_000,
      cooldown: options.cooldown ?? 30_000,
    });
  }

  /** Milliseconds since the keys were read; `undefined` before the first token. */
  get age(): number | undefined {
    return this.document.age;
  }

  /**
   * The keys a token with this header may be signed with. Reads the set again
   * when the id is unknown, at most once per cooldown.
   */
  async find(kid: string, algorithm: string): Promise<readonly CryptoKey[]> {
    const keys = await this.select(kid, algorithm);
    if (keys.length > 0 || !(await this.document.refresh())) return keys;
    return this.select(kid, algorithm);
  }

  /** After a wrong signature: the issuer may have replaced a key under its id. */
  refresh(): Promise<boolean> {
    return this.document.refresh();
  }

  private async select(
    kid: string,
    algorithm: string,
  ): Promise<readonly CryptoKey[]> {
    const candidates = (await this.document.current()).filter(
      (key) => key.kid === kid && isSignatureKey(key, algorithm),
    );
    const keys = await Promise.all(
      candidates.map((key) => this.import(key, algorithm)),
    );
    return keys.filter((key) => key !== undefined);
  }

  /** A key without `alg` may be good for several algorithms, each its own import. */
  private import(key: JWK, algorithm: string): ImportedKey {
    let imported = this.imported.get(key);
    if (!imported) {
      imported = new Map();
      this.imported.set(key, imported);
    }
    let result = imported.get(algorithm);
    if (!result) {
      result = importKey(key, algorithm);
      imported.set(algorithm, result);
    }
    return result;
  }

  private async load(): Promise<readonly JWK[]> {
    const { issuer, jwks_uri: uri } = await this.metadata();
    if (typeof uri !== 'string') throw new OAuthResponseError(NO_KEY_SET);
    assertIssuerEndpoint(issuer, uri);
    const response = await this.fetch(uri, {
      headers: { accept: 'application/json' },
    });
    if (response.status !== 200) throw new OAuthHttpError(response.status);
    const body: unknown = await response.json().catch(() => undefined);
    const keys = (body as { keys?: unknown } | undefined)?.keys;
    if (!Array.isArray(keys)) throw new OAuthResponseError();
    // Entries of kinds we do not know must not spoil the others.
    return (keys as unknown[])
      .filter((key): key is JWK => typeof key === 'object' && key !== null)
      .slice(0, MAX_KEYS);
  }
}

async function importKey(
  key: JWK,
  algorithm: string,
): Promise<CryptoKey | undefined> {
  try {
    return (await importJWK(key, algorithm)) as CryptoKey;
  } catch {
    return undefined;
  }
}
