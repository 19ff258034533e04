import type { IncomingHttpHeaders } from 'node:http';
import type { CallKind } from './endpoints.js';

const MAX_CALLS = 5000;
const REDACTED = '[redacted]';
const SECRET_PARAMETERS = new Set([
  'access_token',
  'actor_token',
  'client_assertion',
  'client_secret',
  'code',
  'code_verifier',
  'password',
  'refresh_token',
  'subject_token',
  'token',
]);
const SECRET_HEADERS = new Set(['authorization', 'cookie']);

/** The parts of a request that are worth remembering. */
export interface CallDetails {
  readonly kind: CallKind;
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly form: URLSearchParams | undefined;
}

/**
 * One request the zone received. The members that may hold a secret are
 * getters: they are left out when a call is printed or serialized.
 *
 * @publicApi
 */
export class RecordedCall {
  readonly kind: CallKind;
  readonly method: string;
  readonly path: string;
  /** `grant_type` of a token request. */
  readonly grantType: string | undefined;
  readonly receivedAt = new Date();
  /** Status of the answer; `undefined` until it was sent. */
  status: number | undefined;
  readonly #details: CallDetails;

  constructor(details: CallDetails) {
    this.kind = details.kind;
    this.method = details.method;
    this.path = details.url.pathname;
    this.grantType = details.form?.get('grant_type') ?? undefined;
    this.#details = details;
  }

  /** Headers as received, with credentials. */
  get headers(): IncomingHttpHeaders {
    return this.#details.headers;
  }

  /** Query parameters. The last one wins when a name occurs twice. */
  get query(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#details.url.searchParams);
  }

  /** Members of a form body, with tokens and secrets. */
  get form(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#details.form ?? []);
  }

  /** The same call with tokens, secrets and cookies blotted out. */
  get redacted(): RedactedCall {
    return {
      kind: this.kind,
      method: this.method,
      path: this.path,
      status: this.status,
      query: redact(this.query, SECRET_PARAMETERS),
      form: redact(this.form, SECRET_PARAMETERS),
      headers: redact(this.headers, SECRET_HEADERS),
    };
  }

  toJSON(): RedactedCall {
    return this.redacted;
  }
}

/**
 * A {@link RecordedCall} that may be logged.
 *
 * @publicApi
 */
export interface RedactedCall {
  readonly kind: CallKind;
  readonly method: string;
  readonly path: string;
  readonly status: number | undefined;
  readonly query: Readonly<Record<string, unknown>>;
  readonly form: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** The last requests a zone received, oldest first. */
export class CallLog {
  readonly calls: RecordedCall[] = [];

  add(call: RecordedCall): void {
    this.calls.push(call);
    if (this.calls.length > MAX_CALLS) {
      this.calls.shift();
    }
  }

  count(kind: CallKind, grantType?: string): number {
    const matching = this.calls.filter(
      (call) =>
        call.kind === kind &&
        (grantType === undefined || call.grantType === grantType),
    );
    return matching.length;
  }

  clear(): void {
    this.calls.length = 0;
  }
}

function redact(
  values: Readonly<Record<string, unknown>>,
  secrets: ReadonlySet<string>,
): Record<string, unknown> {
  const entries = Object.entries(values).map(([name, value]) => [
    name,
    secrets.has(name) ? REDACTED : value,
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}
