import type { ExecutionContext } from '@nestjs/common';
import type { Principal } from '../verification/principal.js';
import type { ActorToken } from './resource-grant.interface.js';

/** The call that grants are made for. */
export interface GrantCall {
  /** The caller, verified. */
  readonly principal: Principal;
  /** The handler, and its arguments as guards see them. */
  readonly context: ExecutionContext;
  /**
   * The validated input of a tool, which a model made up. `undefined` without
   * {@link GrantOptions.trustToolInput}.
   */
  readonly input: unknown;
}

/** A value, or how to find it for a call. */
export type PerCall<T> = T | ((call: GrantCall) => T | Promise<T>);

/** Identifiers of APIs, exactly as the zone knows them. */
export type GrantResources = PerCall<string | readonly string[]>;

/** Scopes to ask for: for all resources of the grant, or per resource. */
export type RequestScopes =
  | string
  | readonly string[]
  | Readonly<Record<string, string | readonly string[]>>;

/**
 * How tokens are asked for.
 *
 * @publicApi
 */
export interface GrantOptions {
  /**
   * Scopes to ask for in the exchange.
   * @default what the authorization server grants without asking
   */
  readonly requestScopes?: RequestScopes;
  /** Logical name of the API, for authorization servers that go by names. */
  readonly audience?: string;
  /**
   * The handler can do without these resources: a missing user grant is
   * reported in the {@link AccessContext}, and consent is not asked for.
   * @default false
   */
  readonly optional?: boolean;
  /**
   * Ask as the application itself, not on behalf of the caller.
   * @default 'caller'
   */
  readonly as?: 'caller' | 'application';
  /**
   * Ask in the name of this user, who is not there: impersonation, which the
   * zone has to allow. Derive it from the verified caller. `null`, `undefined`
   * and blank are errors, never the caller's own authority.
   */
  readonly userIdentifier?: (
    call: GrantCall,
  ) => string | null | undefined | Promise<string | null | undefined>;
  /**
   * Let the functions above see the input of the tool. A model chooses it, and
   * whoever talks to the model: with this, they choose whose account is used.
   * @default false
   */
  readonly trustToolInput?: boolean;
  /** The token of who acts for the caller. */
  readonly actorToken?: (
    call: GrantCall,
  ) => string | ActorToken | Promise<string | ActorToken>;
}
