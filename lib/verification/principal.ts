import type { ExecutionContext } from '@nestjs/common';
import type { JWTPayload } from 'jose';
import { INJECTED_PARAMETER } from '../parameters/injected-parameter.js';
import { deepFreeze } from './deep-freeze.js';
import { principalOfContext } from './request-principal.js';

/** The facts that make up a {@link Principal}. */
export interface PrincipalInit {
  readonly issuer: string;
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly audience: readonly string[];
  readonly expiresAt: number;
  readonly resource: string;
  readonly zoneId?: string;
  readonly claims: Readonly<JWTPayload>;
}

// The caller's token is the subject token of every exchange and must never be
// forwarded, logged or serialised, so it is kept beside the object, not in it.
const subjectTokens = new WeakMap<Principal, string | undefined>();

/**
 * The caller, as its verified access token states it. Immutable, and free of
 * the token itself: it may be logged and serialised.
 *
 * @publicApi
 */
export class Principal {
  /** @internal */
  static readonly [INJECTED_PARAMETER] = (
    _data: unknown,
    context: ExecutionContext,
  ): Principal | undefined => principalOfContext(context);

  /** Issuer of the token: the zone that vouches for everything below. */
  readonly issuer: string;
  /** The user (or application) the token was issued for (`sub`). */
  readonly subject: string;
  /** The OAuth client that holds the token (`client_id`). */
  readonly clientId: string;
  /** Scopes of the token, without duplicates. */
  readonly scopes: readonly string[];
  /** Audiences of the token (`aud`), always as a list. */
  readonly audience: readonly string[];
  /** When the token expires, in seconds since the epoch. */
  readonly expiresAt: number;
  /** Identifier of the protected resource that accepted the token. */
  readonly resource: string;
  /** Zone the request was made in; only set in multi-zone applications. */
  readonly zoneId?: string;
  /** All claims of the token. */
  readonly claims: Readonly<JWTPayload>;

  /**
   * @param subjectToken absent where a caller needs none, on its own machine
   * @internal
   */
  constructor(init: PrincipalInit, subjectToken?: string) {
    Object.assign(this, init);
    subjectTokens.set(this, subjectToken);
    // One principal serves all requests with its token while it is remembered.
    deepFreeze(this);
  }

  /**
   * The caller a guard or an interceptor decides over, of an HTTP route or of a
   * tool; `undefined` where nobody was authenticated.
   *
   * @example
   * ```ts
   * canActivate(context: ExecutionContext) {
   *   return Principal.of(context)?.claims.role === 'admin';
   * }
   * ```
   */
  static of(context: ExecutionContext): Principal | undefined {
    return principalOfContext(context);
  }

  /** Whether the token carries every one of the scopes. */
  hasScopes(...scopes: string[]): boolean {
    return scopes.every((scope) => this.scopes.includes(scope));
  }
}

/**
 * The token the caller presented: the `subject_token` of an exchange. A local
 * caller has none.
 *
 * @internal
 */
export function subjectTokenOf(principal: Principal): string | undefined {
  return subjectTokens.get(principal);
}

/**
 * Equal for equal callers: what a session, a stream or a request state is
 * bound to.
 *
 * @internal
 */
export function identityOf(principal: Principal): string {
  return JSON.stringify([
    principal.issuer,
    principal.subject,
    principal.clientId,
  ]);
}
