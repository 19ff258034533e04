export const NO_STABLE_ID =
  'WebIdentity needs a stable id, or every start would make a new identity the zone does not know. Set `keyId` or `serverName`.';

export const INVALID_KEY_ID = (value: unknown) =>
  `A key id is 1 to 64 ASCII letters, digits, "-" and "_": got ${JSON.stringify(value) ?? 'undefined'}.`;

export const UNUSABLE_SERVER_NAME = (value: string) =>
  `No key id can be made of the server name ${JSON.stringify(value)}. Set \`keyId\`.`;

export const BLANK_CLIENT_ID =
  'The clientId of a WebIdentity is blank. Leave it out, or give the client id the zone knows.';

export const TWO_STORES =
  'WebIdentity takes a keyStore or a storageDirectory, not both.';

export const BLANK_DIRECTORY = 'The directory of a key store is blank.';

export const INVALID_ALGORITHM = (supported: readonly string[]) =>
  `The algorithm of a WebIdentity must be one of ${supported.join(', ')}.`;

export const INVALID_ASSERTION_AUDIENCE =
  'assertionAudience must be "token_endpoint" or "issuer".';

export const INVALID_ROTATION = (name: string) =>
  `rotation.${name} must be a number of milliseconds, 0 or greater${name === 'every' ? ', and greater than rotation.activationDelay' : ''}.`;

export const ATTACHED_ELSEWHERE = (clientId: string) =>
  `This WebIdentity is already in use as ${clientId}. Make one per application, or set \`clientId\`.`;

export const NOT_PREPARED =
  'The keys of this WebIdentity are not there yet. Call prepare() first.';

export const NO_ASSERTION_AUDIENCE =
  'the authorization server metadata has no token endpoint to make an assertion for';

export const PRIVATE_KEY_LOST = (keyId: string, place: string) =>
  `PRIVATE KEY LOST: the public key ${keyId} is in ${place}, but its private key is gone. The zone knows that key and nothing signs with it any more. Restore the private key, or set \`regenerate: true\` and register the new public key at the zone.`;

export const PRIVATE_KEY_REPLACED = (keyId: string) =>
  `PRIVATE KEY LOST: the private key of ${keyId} is gone. As \`regenerate\` is set, its public key is withdrawn and a new key takes its place. THE ZONE MUST LEARN THE NEW PUBLIC KEY, or it will refuse this application.`;

export const KEY_ID_CHANGED = (keyId: string, others: readonly string[]) =>
  `KEY ID CHANGED: the key store holds ${others.join(', ')}, but no key ${keyId}. A NEW KEY ${keyId} IS MADE, AND THE ZONE MUST LEARN IT. If this application had another keyId or serverName before, go back to it. If another application keeps its keys there, give each a directory of its own.`;

export const KEYS_GONE = (keyId: string) =>
  `PRIVATE KEY LOST: the keys of ${keyId} are gone from the key store. This process goes on with those it remembers; the next one will have none.`;

export const METADATA_LOST = (keyId: string, place: string) =>
  `The private key ${keyId} is in ${place}, but the file that describes it, ${keyId}.json, is gone. Restore it, or remove ${keyId}.pem to make a new key.`;

export const DAMAGED_KEY = (keyId: string, place: string, reason: string) =>
  `The key ${keyId} in ${place} is damaged: ${reason}. Restore it, or remove both of its files to make a new key.`;

export const UNSAFE_KEY_FILE = (path: string) =>
  `${path} is not a regular file. Keys must be files of the directory itself, not links.`;

export const STORE_UNAVAILABLE = (place: string, reason: string) =>
  `The key store ${place} cannot be used: ${reason}.`;

export const STORE_KEEPS_NOTHING = (keyId: string) =>
  `The key store took the key ${keyId}, but does not have it.`;

export const OPEN_TO_OTHERS = (path: string, mode: string) =>
  `PRIVATE KEYS ARE OPEN TO OTHER USERS: ${path} has mode ${mode}. Files must have 600 and their directory 700.`;

export const LEGACY_DIRECTORY = (legacy: string, current: string) =>
  `The keys are in ${legacy}, a name of old. Move them to ${current}, or set storageDirectory.`;

export const NOT_REMOVED = (keyId: string) =>
  `The key ${keyId} is no longer in use, but could not be removed from the key store.`;

export const MAINTENANCE_FAILED = (keyId: string, reason: string) =>
  `The keys of ${keyId} could not be read again or rotated; this process goes on with those it has. ${reason}`;

export const NOT_JSON = 'its description is not JSON';
export const NOT_A_DESCRIPTION = 'its description lacks a member';
export const OTHER_KEY_ID = 'its description is about another key';
export const OTHER_KEY = 'the private key does not belong to the public key';
export const NOT_A_KEY = 'the private key cannot be read';
export const WEAK_KEY = 'an RSA key needs 2048 bits or more';
