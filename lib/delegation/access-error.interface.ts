/**
 * Why there is no token for a resource. Facts for the developer: safe to log,
 * free of tokens, secrets and bodies of other servers.
 *
 * @publicApi
 */
export interface AccessError {
  readonly message: string;
  /** OAuth error code, when the authorization server gave one: `access_denied`. */
  readonly code?: string;
  /** What the authorization server says about it (`error_description`). */
  readonly description?: string;
  /** What went wrong, when there is no code: an outage, a misconfiguration. */
  readonly rawError?: string;
  /** HTTP status of the authorization server's answer. */
  readonly status?: number;
  /** Whether the same exchange may succeed later. */
  readonly retryable?: boolean;
  readonly errorUri?: string;
  /** Id under which the authorization server logged the exchange. */
  readonly requestId?: string;
}

/** All that failed in a call. */
export interface AccessErrors {
  readonly resources: Readonly<Record<string, AccessError>>;
  /** The failure that left no resource accessible, or `null`. */
  readonly error: AccessError | null;
}
