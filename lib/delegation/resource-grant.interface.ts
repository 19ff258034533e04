/** A token of who acts, beside that of whom it acts for. */
export interface ActorToken {
  readonly token: string;
  /** @default 'urn:ietf:params:oauth:token-type:access_token' */
  readonly tokenType?: string;
}

/**
 * In whose name a token is asked for: the caller's, that of a user who is not
 * there, or the application's own. Never one in place of another.
 *
 * @publicApi
 */
export type Authority =
  | { readonly kind: 'caller'; readonly actor?: ActorToken }
  | { readonly kind: 'user'; readonly identifier: string }
  | { readonly kind: 'application' };

/**
 * One token that is asked for.
 *
 * @publicApi
 */
export interface ResourceGrant {
  /** Identifier of the API, exactly as the zone knows it. */
  readonly resource: string;
  readonly scopes?: readonly string[];
  /** Logical name of the API, for authorization servers that go by names. */
  readonly audience?: string;
  /** @default the caller's */
  readonly authority?: Authority;
  /** Whether the handler can do without: consent is not asked for. */
  readonly isOptional?: boolean;
}
