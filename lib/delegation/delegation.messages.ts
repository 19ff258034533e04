export const EXCHANGE_FAILED = (resource: string) =>
  `Token exchange failed for ${resource}`;

export const SUBJECT_TOKEN_EXPIRED =
  "The caller's token has expired. Sign in again.";

export const GLOBAL_FAILURE = (resource: string, message: string) =>
  `No access to ${resource}: ${message}`;

export const RESOURCE_FAILURE = (resource: string, reason: string) =>
  `No access to ${resource}: ${reason}`;

export const NOT_GRANTED = (resource: string, available: readonly string[]) =>
  available.length > 0
    ? `No access to ${resource}: it is not granted to this handler, only ${available.join(', ')}. Add it to @Grant().`
    : `No access to ${resource}: nothing is granted to this handler. Add @Grant('${resource}').`;

export const NO_RESOURCE =
  '@Grant() needs at least one resource, and none of them may be blank.';

export const NOT_ON_A_METHOD = (place: string) =>
  `@Grant() on ${place} has no effect there. Put it on a method of an instance.`;

export const NOT_AUTHENTICATED =
  'A grant was asked for on a call that was not authenticated.';

export const NO_APPLICATION_CREDENTIAL =
  'The application has no credential to exchange tokens with. Set `applicationCredential`, or KEYCARD_CLIENT_ID and KEYCARD_CLIENT_SECRET.';

export const GRANT_WITHOUT_ACCESS = (place: string) =>
  `${place} declares @Grant(), but has no parameter to receive the outcome. Add a parameter of type AccessContext.`;

export const GRANT_WITHOUT_CREDENTIAL = (place: string) =>
  `${place} declares @Grant(), but the application has no credential to exchange tokens with. Set \`applicationCredential\`, or KEYCARD_CLIENT_ID and KEYCARD_CLIENT_SECRET.`;
