import { hash } from 'node:crypto';
import {
  identityOf,
  subjectTokenOf,
  type Principal,
} from '../verification/principal.js';
import { withoutTrailingSlash } from '../zone/zone-url.js';
import type { Asker } from './exchange-planner.js';

/** Who asks for a token, and who reports tell of. */
export interface Requester extends Asker {
  readonly principal?: Principal;
}

// A principal is immutable, and serves all requests with its token.
const requesters = new WeakMap<Principal, Requester>();
const owners = new WeakMap<Principal, string>();

export function requesterOf(principal: Principal): Requester {
  let requester = requesters.get(principal);
  if (!requester) {
    requester = createRequester(principal);
    requesters.set(principal, requester);
  }
  return requester;
}

/** Equal for equal callers, whatever token they carry. */
export function ownerOf(principal: Principal): string {
  let owner = owners.get(principal);
  if (!owner) {
    owner = hash('sha256', identityOf(principal), 'base64url');
    owners.set(principal, owner);
  }
  return owner;
}

export function isExpired({ expiresAt }: Principal): boolean {
  return expiresAt * 1000 <= Date.now();
}

function createRequester(principal: Principal): Requester {
  return {
    issuer: withoutTrailingSlash(principal.issuer),
    zoneId: principal.zoneId,
    subjectToken: subjectTokenOf(principal),
    notAfter: principal.expiresAt * 1000,
    principal,
  };
}
