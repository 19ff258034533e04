export const CLIENT_SECRET_SHAPE =
  'ClientSecret takes a client id and a client secret, { clientId, clientSecret }, or a map from issuer URL to such a pair. None of them may be blank.';

export const NO_CREDENTIAL_FOR = (issuer: string, known: readonly string[]) =>
  `There is no client secret for ${issuer}. Configured issuers: ${known.join(', ')}.`;

export const REPEATED_ISSUER = (issuer: string) =>
  `There are two client secrets for ${issuer}.`;

export const HALF_A_PAIR = (set: string, missing: string) =>
  `${set} is set, but ${missing} is not. Set both, or neither.`;

export const UNKNOWN_CREDENTIAL_TYPE = (
  name: string,
  value: string,
  supported: readonly string[],
) =>
  `${name} is ${JSON.stringify(value)}, which is not a type of credential. Supported types: ${supported.join(', ')}.`;
