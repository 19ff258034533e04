/**
 * Where an application is published. From its configuration, never from a
 * request: a client id that follows the `Host` header is one its callers
 * choose.
 *
 * @publicApi
 */
export interface CredentialContext {
  /** URL of the protected resource metadata, when there is a public URL. */
  readonly resourceMetadataUrl?: string;
  /** URL of the public keys. */
  readonly jwksUrl?: string;
  /** URL of the client metadata document. */
  readonly clientMetadataUrl?: string;
  /** Human-readable name of the application. */
  readonly serverName?: string;
  /** Takes what an operator must see. */
  readonly warn?: Warn;
}

/** Takes a sentence an operator must see. */
export type Warn = (message: string) => void;

/** A warning of the process, when nobody takes it. */
export const warnProcess: Warn = (message) =>
  process.emitWarning(message, 'KeycardWarning');
