export const NO_TOKEN_SOURCE =
  'WorkloadIdentity takes a token source: a function that returns the token, or an object with a method identityToken().';

export const BLANK_CLIENT_ID =
  'The clientId of a WorkloadIdentity is blank. Leave it out, or give the client id the zone knows.';

export const NO_TOKEN_FILE = (variables: readonly string[]) =>
  `No file with a platform token: set \`path\`, or one of ${variables.join(', ')}.`;

export const TOKEN_FILE_UNREADABLE = (path: string, reason: string) =>
  `The platform token cannot be read from ${path}: ${reason}.`;

export const TOKEN_FILE_LOST = 'the file with the platform token is unreadable';

export const BLANK_AUDIENCE =
  'GcpMetadataTokenSource needs an audience: the one the zone expects in the token.';

export const BLANK_FLY_AUDIENCE =
  'The audience of a FlyTokenSource is blank. Leave it out, or give the one the zone expects in the token.';

export const INVALID_METADATA_URL = (value: string) =>
  `metadataUrl must be an http URL without credentials, query or fragment: got ${JSON.stringify(value)}.`;

export const INVALID_TIMEOUT =
  'The timeout of a token source must be a number of milliseconds above 0.';

export const INVALID_SOCKET_PATH =
  'The socketPath of a FlyTokenSource is blank.';

export const NO_TOKEN = 'the token source returned no text';
export const BLANK_TOKEN = 'the platform token is empty';
export const MALFORMED_TOKEN =
  'the platform token is too long, or has characters no token has';
export const SOURCE_FAILED = 'the token source failed';
export const UNREACHABLE = 'the token service could not be reached';
export const TIMED_OUT = 'the token service did not answer in time';
export const UNEXPECTED_STATUS = (status: number) =>
  `the token service answered with status ${status}`;
export const NOT_THE_METADATA_SERVER =
  'the answer does not come from the metadata server: it has no header Metadata-Flavor: Google';
