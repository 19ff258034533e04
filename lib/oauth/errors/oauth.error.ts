/**
 * Base of every failure of a call to an authorization server. Messages are
 * short and constant; facts are in fields. Nothing in an error repeats what a
 * server sent, except the registered OAuth error members.
 *
 * @publicApi
 */
export abstract class OAuthError extends Error {
  /** Stable name of the kind of failure. */
  abstract readonly code: string;
  /** Whether the same request may succeed later. */
  abstract readonly retryable: boolean;
}
