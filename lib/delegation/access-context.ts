import type { ExecutionContext } from '@nestjs/common';
import { INJECTED_PARAMETER } from '../parameters/injected-parameter.js';
import type { AccessError, AccessErrors } from './access-error.interface.js';
import { toAccessError } from './access-error.factory.js';
import { GrantedToken } from './granted-token.js';
import { accessOfContext } from './request-delegation.js';
import { ResourceAccessError } from './resource-access.error.js';
import { isRepeatable, resourceUrl, sendWithToken } from './resource-fetch.js';
import { signalOf, type SignalSource } from './signal-source.js';

/** Gets another token for a resource, in place of one that it did not accept. */
export type RenewToken = (
  refused: GrantedToken,
  signal?: AbortSignal,
) => Promise<GrantedToken>;

/**
 * `success`: nothing failed. `partial_error`: at least one resource failed.
 * `error`: no resource is accessible.
 */
export type AccessStatus = 'success' | 'partial_error' | 'error';

/**
 * What the grants of a call came to: for each resource a token or an error.
 * Nothing throws until a token is asked for that is not there.
 *
 * @example
 * ```ts
 * if (access.hasResourceError(MAIL)) return { mail: 'unavailable' };
 * const { authorization } = access.access(CALENDAR);
 * ```
 * @publicApi
 */
export class AccessContext {
  /** @internal */
  static readonly [INJECTED_PARAMETER] = (
    _data: unknown,
    context: ExecutionContext,
  ): Promise<AccessContext> => accessOfContext(context);

  // One outcome a resource: it cannot both have a token and have failed.
  readonly #outcomes = new Map<string, GrantedToken | AccessError>();
  readonly #renewals = new Map<string, RenewToken>();
  readonly #signal: SignalSource | undefined;
  #error: AccessError | null = null;

  /** @param signal of the call: gives up what {@link fetch} sends */
  constructor(signal?: SignalSource) {
    this.#signal = signal;
  }

  /**
   * Sets the token of a resource, in place of what was known before.
   *
   * @param renew gets another token when the resource does not accept this one
   */
  setToken(resource: string, token: GrantedToken, renew?: RenewToken): void {
    this.#outcomes.set(resource, token);
    if (renew) this.#renewals.set(resource, renew);
    else this.#renewals.delete(resource);
  }

  /**
   * Calls the API with its token. When the API does not accept the token
   * (status 401), one more is exchanged, and the call is made once more, unless
   * its body is a stream. Redirects are not followed.
   *
   * @param path below the resource, `/events?max=3`, or a URL below it
   * @throws ResourceAccessError when there is no token
   * @throws TypeError for a URL that is not below the resource
   * @throws InsecureUrlError for a resource without TLS that is not on this machine
   * @example
   * ```ts
   * const response = await access.fetch(CALENDAR, '/events');
   * ```
   */
  async fetch(
    resource: string,
    path: string,
    options: RequestInit = {},
  ): Promise<Response> {
    const signal = eitherOf(signalOf(this.#signal), options.signal);
    const init = { ...options, signal };
    const url = resourceUrl(resource, path);
    const token = this.access(resource);
    const response = await sendWithToken(url, token, init);
    if (response.status !== 401 || !this.#renewals.has(resource)) {
      return response;
    }
    const isFinal = !isRepeatable(init);
    if (!isFinal) await response.body?.cancel();
    await this.renew(resource, token, signal);
    // A stream is gone, but the next call has another token.
    if (isFinal) return response;
    return sendWithToken(url, this.access(resource), init);
  }

  /** Sets the failure of a resource, in place of what was known before. */
  setResourceError(resource: string, error: AccessError): void {
    this.#outcomes.set(resource, error);
  }

  /** Sets a failure that leaves no resource accessible. */
  setError(error: AccessError): void {
    this.#error = error;
  }

  /**
   * The token for a resource. The identifier is compared exactly.
   *
   * @throws ResourceAccessError when there is none
   */
  access(resource: string): GrantedToken {
    const outcome = this.#outcomes.get(resource);
    if (!this.#error && outcome instanceof GrantedToken) return outcome;
    throw this.failureOf(resource);
  }

  /** Whether there is a failure that leaves no resource accessible. */
  hasError(): boolean {
    return this.#error !== null;
  }

  hasResourceError(resource: string): boolean {
    return this.getResourceError(resource) !== null;
  }

  /** Whether anything failed. */
  hasErrors(): boolean {
    return this.hasError() || this.getFailedResources().length > 0;
  }

  getError(): AccessError | null {
    return this.#error;
  }

  getResourceError(resource: string): AccessError | null {
    const outcome = this.#outcomes.get(resource);
    return outcome && !(outcome instanceof GrantedToken) ? outcome : null;
  }

  getErrors(): AccessErrors {
    const failed = this.getFailedResources().map(
      (resource) => [resource, this.getResourceError(resource)!] as const,
    );
    return { resources: Object.fromEntries(failed), error: this.#error };
  }

  getStatus(): AccessStatus {
    if (this.hasError()) return 'error';
    return this.hasErrors() ? 'partial_error' : 'success';
  }

  /** Resources with a token; none while there is an overall failure. */
  getSuccessfulResources(): string[] {
    if (this.#error) return [];
    return this.resourcesWhere((outcome) => outcome instanceof GrantedToken);
  }

  getFailedResources(): string[] {
    return this.resourcesWhere((outcome) => !(outcome instanceof GrantedToken));
  }

  /** Status and errors: safe to log, and free of tokens. */
  toJSON(): object {
    return {
      status: this.getStatus(),
      successful: this.getSuccessfulResources(),
      errors: this.getErrors(),
    };
  }

  private async renew(
    resource: string,
    refused: GrantedToken,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const renew = this.#renewals.get(resource);
    // Another call to the API may have been faster.
    if (!renew || this.#outcomes.get(resource) !== refused) return;
    try {
      this.setToken(resource, await renew(refused, signal), renew);
    } catch (error) {
      signal?.throwIfAborted();
      this.setResourceError(resource, toAccessError(resource, error));
    }
  }

  private failureOf(resource: string): ResourceAccessError {
    const available = this.getSuccessfulResources();
    const error = this.#error ?? this.getResourceError(resource) ?? undefined;
    const ofResource = error ? 'resource_error' : 'missing_token';
    const type = this.#error ? 'global_error' : ofResource;
    return new ResourceAccessError(resource, type, error, available);
  }

  private resourcesWhere(
    matches: (outcome: GrantedToken | AccessError) => boolean,
  ): string[] {
    return [...this.#outcomes]
      .filter(([, outcome]) => matches(outcome))
      .map(([resource]) => resource);
  }
}

function eitherOf(
  one: AbortSignal | undefined,
  other: AbortSignal | null | undefined,
): AbortSignal | undefined {
  if (one && other) return AbortSignal.any([one, other]);
  return one ?? other ?? undefined;
}
