export const UPSTREAM_FAILED = (issuer: string) =>
  `The metadata of the authorization server ${issuer} cannot be read at the moment.`;

export const METHOD_NOT_ALLOWED = 'Only GET, HEAD and OPTIONS are allowed.';

export const NOT_FOUND = 'There is no such document.';
