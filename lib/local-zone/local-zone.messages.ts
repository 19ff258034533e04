/** Why a zone does not start or cannot do what it was asked. */
export const ZoneMessages = {
  production: () =>
    'A local zone signs in anybody and must not run in production. Unset NODE_ENV, or pass `force: true` if you are sure.',
  nodeTooOld: (version: string) =>
    `The local zone needs Node.js 20.18.0 or newer (URL.parse is missing in ${version}).`,
  missingPackage: (name: string) =>
    `The local zone needs the package "${name}". Install it with: npm install --save-dev ${name}`,
  portInUse: (port: number) =>
    `Port ${port} is in use on the loopback interface. Stop the other process, or leave out \`port\` to get a free one.`,
  signingKey: () =>
    '`key` must be a private RSA key as a JWK, with the members n, e and d.',
  keyAndFreshKey: () => 'Pass either `key` or `freshKey: true`, not both.',
} as const;

/** What is wrong with a declaration, or with a request to a running zone. */
export const DeclarationMessages = {
  duplicate: (kind: string, id: string) => `${kind} "${id}" is declared twice.`,
  duplicateIdentifier: (identifier: string) =>
    `Two users go by the name "${identifier}". Ids and identifiers of users must differ.`,
  duplicateClient: (clientId: string) =>
    `Client id "${clientId}" is declared twice. Each credential needs a client id of its own.`,
  reservedClient: (clientId: string) =>
    `Client id "${clientId}" is used by the zone itself.`,
  relativeResource: (identifier: string) =>
    `Resource "${identifier}" must be an absolute URI without a fragment.`,
  ttl: (identifier: string) =>
    `The ttl of resource "${identifier}" must be a whole number of seconds, at least 1.`,
  unknownOwner: (resource: string, application: string) =>
    `Resource "${resource}" is owned by application "${application}", which is not declared.`,
  unknownDependency: (application: string, resource: string) =>
    `Application "${application}" depends on resource "${resource}", which is not declared. Identifiers are compared character by character.`,
  unknownGrantMember: (kind: string, id: string) =>
    `A grant names ${kind} "${id}", which is not declared.`,
  unknownGrantScope: (scope: string, resource: string) =>
    `A grant names scope "${scope}", which resource "${resource}" does not have.`,
  unknownUser: (id: string) => `User "${id}" is not declared.`,
  unknownClient: (id: string) =>
    `Client "${id}" is not declared by an application.`,
  noConnection: (application: string, resource: string) =>
    `Application "${application}" cannot be connected to "${resource}": the application must be declared and depend on the resource.`,
  returnTo: () => '`returnTo` must be an http or https URL on this machine.',
  loginResource: () =>
    'Pass `resource`: the zone has not exactly one resource that is owned by an application.',
} as const;

/** Why a headless sign-in ended without tokens. */
export const LoginMessages = {
  tooManyRedirects: (start: string) =>
    `The walk from ${start} did not end: too many redirects.`,
  failed: (error: string, description: string) =>
    `The login failed with ${error}: ${description}`,
  endedOnPage: (status: number | undefined) =>
    `it ended on a page with status ${status}`,
  refused: (status: number) => `the zone answered with status ${status}`,
} as const;

/** Descriptions of OAuth error responses, in the words of a live zone where they are known. */
export const RefusalMessages = {
  unknownResource: (resource: string) =>
    `Requested authorization for unknown resource ${resource}`,
  severalResources: () => 'only one resource per request',
  resourceRequired: () => 'resource parameter is required',
  missingParameter: (name: string) => `missing required parameter ${name}`,
  unsupportedRequestedTokenType: () => 'unsupported requested_token_type',
  unsupportedSubjectTokenType: () => 'unsupported subject_token_type',
  actorToken: () => 'actor_token is not supported',
  malformedSubjectToken: () => 'malformed subject_token',
  malformedSubstituteUser: () => 'malformed substitute-user token',
  subjectTokenExpired: () => 'subject_token is expired',
  subjectTokenForeign: () => 'subject_token was not issued by this zone',
  subjectTokenRevoked: () => 'subject_token was revoked',
  notOwner: () => 'Client is not allowed to exchange token for this resource',
  userNotFound: () => 'User not found',
  identifierNotFound: (identifier: string) =>
    `User not found for identifier ${identifier}`,
  mayNotImpersonate: (application: string) =>
    `Application "${application}" is not allowed to impersonate users`,
  notAnApplication: () => 'client is not an application of this zone',
  noDependency: (application: string, resource: string) =>
    `Application "${application}" is not allowed to access "${resource}".`,
  deniedByPolicy: (resource: string, policy: string) =>
    `Access to "${resource}" is denied by Policy "${policy}" in version 1 of Policy Set "local".`,
  userConnected: (resource: string) =>
    `Resource ${resource} cannot be accessed with client credentials`,
  grantRequired: (resource: string) =>
    `User authorization is required for resource ${resource}`,
  scopeNotGranted: (scope: string) =>
    `requested scope is not granted: ${scope}`,
  noCredential: () => 'No token application credential configured',
  assertionAudience: () => 'aud of the assertion must be the token endpoint',
  assertionLifetime: () => 'assertion lives longer than 300 seconds',
  userDeclined: () => 'The user declined the request',
  wrongUser: () => 'This link was made for another user',
} as const;

/** Sentences on the pages. */
export const PageMessages = {
  expired: () => 'Start again from the application.',
  crossOrigin: () => 'This form was sent by another site.',
  wrongCredentials: () => 'Unknown user or wrong password.',
  unknownConnection: () =>
    'The application or the resource is unknown, or the two are not related.',
  wrongUser: () =>
    'This link was made for another user. Nothing will be granted.',
} as const;
