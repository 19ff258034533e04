/** A subject token that names a user who is not there. */
export const SUBSTITUTE_USER_TOKEN_TYPE =
  'urn:keycard:params:oauth:token-type:substitute-user';

const HEADER = encode({ typ: 'vnd.kc.su+jwt', alg: 'none' });

/**
 * The unsigned token that stands for a user in an impersonation. It proves
 * nothing: what counts is the client's authentication, and the zone's policy.
 *
 * @throws TypeError for a blank identifier
 */
export function substituteUserToken(identifier: string): string {
  if (typeof identifier !== 'string' || identifier.trim() === '') {
    throw new TypeError('the user identifier must be a non-empty string');
  }
  return `${HEADER}.${encode({ sub: identifier })}.`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
