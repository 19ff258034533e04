import type { Principal } from '../verification/principal.js';
import type { ResourceTarget } from '../verification/protected-resource.js';
import { createRequestNote } from '../verification/request-note.js';

/** A request that was let in: by whom, to what, with which scopes. */
export interface Admission {
  readonly principal: Principal;
  readonly target: ResourceTarget;
  readonly scopes: readonly string[];
}

const admissions = createRequestNote<Admission>();

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
