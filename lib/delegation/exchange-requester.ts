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

export function requesterOf(principal: Principal): Requester {
  return {
    issuer: withoutTrailingSlash(principal.issuer),
    zoneId: principal.zoneId,
    subjectToken: subjectTokenOf(principal),
    notAfter: principal.expiresAt * 1000,
    principal,
  };
}

/** Equal for equal callers, whatever token they carry. */
export function ownerOf(principal: Principal): string {
  return hash('sha256', identityOf(principal), 'base64url');
}

export function isExpired({ expiresAt }: Principal): boolean {
  return expiresAt * 1000 <= Date.now();
}
