import { sign } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  InvalidTokenError,
  type InvalidTokenReason,
} from '../../lib/verification/invalid-token.error.js';
import type { TokenVerifier } from '../../lib/verification/token-verifier.js';
import {
  attacker,
  BADLY_SIGNED,
  ec,
  ecToken,
  forged,
  header,
  IMPLAUSIBLE,
  mac,
  setStage,
} from '../support/forged-tokens.js';
import { createSigner, forge } from '../support/token-forge.js';
import { VerificationWorld } from '../support/verification-world.js';
import { ZoneServer } from '../support/zone-server.js';

let world: VerificationWorld;
let attackerServer: ZoneServer;
let verifier: TokenVerifier;

beforeAll(async () => {
  world = await VerificationWorld.start();
  attackerServer = await ZoneServer.start();
  attackerServer.keys = [attacker.jwk];
  setStage(world, attackerServer);
});
beforeEach(() => {
  world.reset(world.signer.jwk, ec.jwk);
  attackerServer.requests.length = 0;
  verifier = world.verifier({
    policy: { algorithms: ['RS256', 'ES256'] },
  });
});
afterAll(async () => {
  await world.zone.stop();
  await attackerServer.stop();
});

const refusal = async (token: string): Promise<unknown> =>
  verifier.verify(token, world.target()).then(
    () => 'accepted',
    (error: unknown) => error,
  );

const expectRefusal = async (token: string, reason: InvalidTokenReason) => {
  const error = await refusal(token);
  expect(error).toBeInstanceOf(InvalidTokenError);
  expect(error).toMatchObject({ code: 'ERR_INVALID_TOKEN', reason });
  expect((error as Error).cause).toBeUndefined();
  expect(verifier.remembered(token, world.target())).toBeUndefined();
};

describe('forged tokens', () => {
  it('the pattern they are made from is accepted', async () => {
    const principal = await verifier.verify(world.token(), world.target());
    expect(principal.subject).toBe('usr_123');
    const signed = ecToken((input) =>
      sign('sha256', Buffer.from(input), {
        key: ec.privateKey,
        dsaEncoding: 'ieee-p1363',
      }),
    );
    expect((await verifier.verify(signed, world.target())).subject).toBe(
      'usr_123',
    );
  });

  describe('refused on sight: nobody is asked', () => {
    it.each(IMPLAUSIBLE)('%s', async (_name, token, reason) => {
      await expectRefusal(token(), reason);
      expect(world.zone.requests).toEqual([]);
      expect(attackerServer.requests).toEqual([]);
    });
  });

  describe('refused for their signature: only the zone is asked', () => {
    it.each(BADLY_SIGNED)('%s', async (_name, token, reason) => {
      await expectRefusal(token(), reason);
      expect(attackerServer.requests).toEqual([]);
    });
  });

  it.each(['jku', 'x5u'])('%s is never read', async (name) => {
    // The keys of the zone are known, so that any request would be its doing.
    await verifier.verify(world.token(), world.target());
    world.zone.requests.length = 0;
    const url = `${attackerServer.issuer}/jwks`;
    await expectRefusal(forged({ [name]: url })(), 'signature');
    await expectRefusal(forged({ [name]: url, kid: 'mine' })(), 'key');
    await verifier.verify(world.token({}, { [name]: url }), world.target());
    expect(attackerServer.requests).toEqual([]);
    expect(world.zone.requests).toEqual([]);
  });

  it('a weak key verifies nothing', async () => {
    const weak = createSigner('RS256', 'weak', 1024);
    world.zone.keys = [weak.jwk];
    await expectRefusal(forge(weak, world.claims()), 'key');
  });

  it.each([{ use: 'enc' }, { use: undefined, key_ops: ['encrypt'] }])(
    'neither does one for %j',
    async (purpose) => {
      world.zone.keys = [{ ...world.signer.jwk, ...purpose }];
      await expectRefusal(world.token(), 'key');
    },
  );

  it('RS256 only, unless told otherwise', async () => {
    verifier = world.verifier();
    await expectRefusal(forge(ec, world.claims()), 'algorithm');
    expect((await verifier.verify(world.token(), world.target())).subject).toBe(
      'usr_123',
    );
  });

  it('a symmetric algorithm is good for nothing, even if asked for', async () => {
    verifier = world.verifier({ policy: { algorithms: ['HS256', 'none'] } });
    const secret = Buffer.from('x'.repeat(32));
    world.zone.keys = [
      { kty: 'oct', k: secret.toString('base64url'), kid: 'key-1' },
    ];
    await expectRefusal(mac(secret), 'key');
    await expectRefusal(header({ alg: 'none' })(), 'key');
  });

  it('errors repeat nothing of a token', async () => {
    for (const [, token] of [...IMPLAUSIBLE.slice(0, 40), ...BADLY_SIGNED]) {
      const text = token();
      const error = (await refusal(text)) as Error;
      expect(error.message).toMatch(/^the (token|signature)/);
      expect(JSON.stringify(error)).toMatch(
        /^{"code":"ERR_INVALID_TOKEN","reason":"\w+","name":"InvalidTokenError"}$|^{"reason":"\w+","name":"InvalidTokenError","code":"ERR_INVALID_TOKEN"}$/,
      );
    }
  });
});
