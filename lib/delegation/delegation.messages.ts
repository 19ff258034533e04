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

export const SHARED_CACHE_FAILED = (name: string) =>
  `The shared cache of exchanged tokens cannot be used (${name}); tokens are exchanged instead.`;

export const CONFLICTING_AUTHORITY =
  'One resource is granted in the name of different authorities: the caller, another user or the application. Choose one.';

export const CONFLICTING_AUDIENCE =
  'One resource is granted with different audiences. Choose one.';

export const ACTOR_WITHOUT_CALLER =
  'actorToken goes with the authority of the caller only: nobody acts for the application, or for a user who is not there.';

export const BLANK_ACTOR_TOKEN =
  'actorToken answered no token: nothing is exchanged, least of all without the actor.';

export const NO_SUBJECT_TOKEN =
  'The caller carries no token to exchange: a Principal has to be the very one that was authenticated.';

export const LOCAL_USER_UNKNOWN =
  'The caller is on this machine and carries no token to exchange. Set KEYCARD_USER_IDENTIFIER to the user that this process works for.';

export const UNKNOWN_AUTHORITY =
  'The authority of a grant is `caller`, `user` or `application`.';

export const BLANK_USER_IDENTIFIER =
  'userIdentifier answered nobody: nothing is exchanged, least of all for the caller.';

export const GRANT_UNRESOLVED =
  'The grants of this call could not be determined.';

export const FOREIGN_URL = (resource: string) =>
  `The URL is not below ${resource}; the token is not sent there.`;

export const UNKNOWN_ZONE =
  'The exchange names no zone of this application. Give the zoneId.';

export const CONSENT_REQUIRED = (resources: readonly string[]) =>
  `Access to ${resources.join(', ')} needs the user's consent.`;

export const CONSENT_MESSAGE = (resource: string) =>
  `Allow this server to access ${resource} on your behalf.`;

export const CONSENT_URL_FAILED = (resource: string) =>
  `The page where consent to ${resource} is given could not be determined`;
