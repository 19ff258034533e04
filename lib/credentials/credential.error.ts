/**
 * An application credential is misconfigured, or has no identity for the
 * authorization server that was to be asked. Nothing was sent.
 *
 * @publicApi
 */
export class CredentialError extends Error {
  override readonly name: string = 'CredentialError';
  readonly code: string = 'ERR_CREDENTIAL';
}
