import { randomUUID } from 'node:crypto';
import { importJWK, SignJWT, type JWK, type JWTHeaderParameters } from 'jose';
import {
  ACCESS_TOKEN_JWT_TYPE,
  SIGNING_ALGORITHM,
} from './local-zone.constants.js';
import { epochSeconds } from './text.js';
import type { ZoneContext } from './zone-context.js';

const DEFAULT_LIFETIME_SECONDS = 300;

/**
 * How a token is minted.
 *
 * @publicApi
 */
export interface MintOptions {
  /** Members to change or, with `undefined`, to leave out. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** Private key to sign with. @default the current key of the zone */
  readonly key?: JWK;
}

/** Signs any claims, also wrong ones: for tests of what must be refused. */
export async function mintToken(
  context: ZoneContext,
  claims: Readonly<Record<string, unknown>>,
  options: MintOptions,
): Promise<string> {
  const key = options.key ?? context.keys.current;
  const header = {
    alg: key.alg ?? SIGNING_ALGORITHM,
    typ: ACCESS_TOKEN_JWT_TYPE,
    kid: key.kid,
    ...options.header,
  } as JWTHeaderParameters;
  const now = epochSeconds();
  const token = new SignJWT({
    iss: context.issuer,
    client_id: 'minted',
    jti: randomUUID(),
    iat: now,
    exp: now + DEFAULT_LIFETIME_SECONDS,
    ...claims,
  });
  const signingKey = await importJWK(key, header.alg);
  return token.setProtectedHeader(header).sign(signingKey);
}
