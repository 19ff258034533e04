import { randomUUID } from 'node:crypto';
import {
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  type JWK,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose';
import { SIGNING_ALGORITHM } from './local-zone.constants.js';
import { LocalZoneConfigurationError } from './local-zone.error.js';
import { ZoneMessages } from './local-zone.messages.js';
import type { LocalZoneOptions } from './local-zone.options.js';

let processKey: Promise<JWK> | undefined;

/** The private keys of one zone, newest first. The first one signs. */
export class SigningKeys {
  private keys: readonly JWK[];
  private resolver: JWTVerifyGetKey;

  constructor(first: JWK) {
    this.use([first]);
  }

  get current(): JWK {
    return this.keys[0] as JWK;
  }

  get all(): readonly JWK[] {
    return this.keys;
  }

  async rotate(keepOld: boolean): Promise<void> {
    const next = await generateSigningKey();
    this.use(keepOld ? [next, ...this.keys] : [next]);
  }

  async verify(jwt: string, options: JWTVerifyOptions): Promise<JWTPayload> {
    const { payload } = await jwtVerify(jwt, this.resolver, {
      algorithms: [SIGNING_ALGORITHM],
      ...options,
    });
    return payload;
  }

  private use(keys: readonly JWK[]): void {
    this.keys = keys;
    this.resolver = createLocalJWKSet({ keys: keys.map(publicKey) });
  }
}

/** Picks the first signing key of a zone as its options say. */
export async function createSigningKeys(
  options: LocalZoneOptions,
): Promise<SigningKeys> {
  if (options.key && options.freshKey) {
    throw new LocalZoneConfigurationError(ZoneMessages.keyAndFreshKey());
  }
  if (options.key) {
    return new SigningKeys(completeKey(options.key));
  }
  if (options.freshKey) {
    return new SigningKeys(await generateSigningKey());
  }
  processKey ??= generateSigningKey();
  return new SigningKeys(await processKey);
}

async function generateSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, {
    extractable: true,
  });
  return completeKey(await exportJWK(privateKey));
}

function completeKey(key: JWK): JWK {
  if (key.kty !== 'RSA' || !key.n || !key.e || !key.d) {
    throw new LocalZoneConfigurationError(ZoneMessages.signingKey());
  }
  return { kid: randomUUID(), ...key, use: 'sig', alg: SIGNING_ALGORITHM };
}

function publicKey({ n, e, kid, use, alg }: JWK): JWK {
  return { kty: 'RSA', n, e, kid, use, alg };
}
