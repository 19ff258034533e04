import type { ExecutionContext } from '@nestjs/common';
import { INJECTED_PARAMETER } from '../parameters/injected-parameter.js';
import type { AccessError, AccessErrors } from './access-error.interface.js';
import { GrantedToken } from './granted-token.js';
import { accessOfContext } from './request-delegation.js';
import { ResourceAccessError } from './resource-access.error.js';

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
  #error: AccessError | null = null;

  /** Sets the token of a resource, in place of what was known before. */
  setToken(resource: string, token: GrantedToken): void {
    this.#outcomes.set(resource, token);
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
    const available = this.getSuccessfulResources();
    if (this.#error) {
      throw new ResourceAccessError(
        resource,
        'global_error',
        this.#error,
        available,
      );
    }
    if (outcome instanceof GrantedToken) return outcome;
    throw new ResourceAccessError(
      resource,
      outcome ? 'resource_error' : 'missing_token',
      outcome,
      available,
    );
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

  private resourcesWhere(
    matches: (outcome: GrantedToken | AccessError) => boolean,
  ): string[] {
    return [...this.#outcomes]
      .filter(([, outcome]) => matches(outcome))
      .map(([resource]) => resource);
  }
}
