import type { Principal } from '../verification/principal.js';
import type { ResourceTarget } from '../verification/protected-resource.js';

/** A request that was let in: by whom, to what, with which scopes. */
export interface Admission {
  readonly principal: Principal;
  readonly target: ResourceTarget;
  readonly scopes: readonly string[];
  /** Class and method of the route: a request may be passed on to another. */
  readonly route: readonly [controller: object, handler: object];
}

const admissions = new WeakMap<object, Admission>();

/** Remembers what a request was let in to. */
export function bindAdmission(request: object, admission: Admission): void {
  admissions.set(request, admission);
}

/** What a request was let in to; `undefined` when it was not, by us. */
export function admissionOf(request: unknown): Admission | undefined {
  return typeof request === 'object' && request !== null
    ? admissions.get(request)
    : undefined;
}
