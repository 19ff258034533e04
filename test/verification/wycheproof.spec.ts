import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpFetch } from '../../lib/oauth/index.js';
import { openCompactJws } from '../../lib/verification/compact-jws.js';
import { InvalidTokenError } from '../../lib/verification/invalid-token.error.js';
import { KeySet } from '../../lib/verification/key-set.js';
import { SIGNATURE_ALGORITHMS } from '../../lib/verification/signature-key.js';
import { readTokenHeader } from '../../lib/verification/token-header.js';
import { assertSignature } from '../../lib/verification/token-signature.js';
import { ZoneServer } from '../support/zone-server.js';

const FOLDER = process.env.WYCHEPROOF_VECTORS;
const FILE = 'json_web_signature_test.json';

interface Vectors {
  readonly numberOfTests: number;
  readonly testGroups: readonly {
    readonly public?: JWK;
    readonly private: JWK;
    readonly tests: readonly Vector[];
  }[];
}

interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly jws: unknown;
  readonly result: 'valid' | 'invalid' | 'acceptable';
}

if (!FOLDER) {
  process.stderr.write(
    `\n*** WYCHEPROOF_VECTORS is not set: the signature vectors are NOT TESTED.` +
      ` Set it to a folder with ${FILE} of the Wycheproof project. ***\n\n`,
  );
}

/** What vectors call valid and we refuse. */
const KNOWN_REFUSALS = {
  symmetricKey: [1, 348, 352, 357, 358, 359, 372, 373, 376, 377],
  emptyPayload: [259, 264, 268, 272, 320, 325],
  keyForAnotherAlgorithm: [346, 350],
  unregisteredAlgorithm: [347, 351],
};

describe.skipIf(!FOLDER)('Wycheproof, JSON Web Signature', () => {
  let zone: ZoneServer;
  const verdicts: { vector: Vector; accepted: boolean }[] = [];

  beforeAll(async () => {
    zone = await ZoneServer.start();
    const vectors = JSON.parse(
      readFileSync(join(FOLDER!, FILE), 'utf8'),
    ) as Vectors;
    for (const group of vectors.testGroups) {
      zone.keys = [group.public ?? group.private];
      const keySet = new KeySet(
        async () => zone.document() as never,
        createHttpFetch(),
      );
      for (const vector of group.tests) {
        verdicts.push({ vector, accepted: await accepts(vector, keySet) });
      }
    }
    expect(verdicts).toHaveLength(vectors.numberOfTests);
  });
  afterAll(() => zone.stop());

  const idsOf = (wanted: (verdict: (typeof verdicts)[number]) => boolean) =>
    verdicts.filter(wanted).map(({ vector }) => vector.tcId);

  it('nothing is accepted that must not be', () => {
    expect(
      idsOf(({ accepted, vector }) => accepted && vector.result !== 'valid'),
    ).toEqual([]);
  });

  it('nothing is refused but what we refuse on purpose', () => {
    expect(
      idsOf(({ accepted, vector }) => !accepted && vector.result === 'valid'),
    ).toEqual(
      Object.values(KNOWN_REFUSALS)
        .flat()
        .sort((a, b) => a - b),
    );
  });

  it('the rest is accepted', () => {
    expect(idsOf(({ accepted }) => accepted).length).toBeGreaterThan(25);
  });
});

/** Our own steps, all but those that need claims: these tokens have none. */
async function accepts({ jws }: Vector, keySet: KeySet): Promise<boolean> {
  try {
    const token = typeof jws === 'string' ? jws : JSON.stringify(jws);
    const header = readTokenHeader(openCompactJws(token).header, {
      algorithms: SIGNATURE_ALGORITHMS,
      strict: false,
    });
    await assertSignature(token, header, keySet);
    return true;
  } catch (error) {
    if (error instanceof InvalidTokenError) return false;
    throw error;
  }
}
