import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accessTokenHash } from '../../../lib/verification/dpop/access-token-hash.js';
import { DpopProofVerifier } from '../../../lib/verification/dpop/dpop-proof.verifier.js';
import { thumbprintOf } from '../../../lib/verification/dpop/token-binding.js';

// RFC 9449 §7.1, figures 12 and 13, and §6.1, figure 10.
const ACCESS_TOKEN = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU';
const ACCESS_TOKEN_HASH = 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo';
const THUMBPRINT = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';
const ISSUED_AT = 1_562_262_618;
const PROOF =
  'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA';

describe('the examples of RFC 9449', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: (ISSUED_AT + 2) * 1000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const request = {
    proofs: [PROOF],
    method: 'GET',
    url: 'https://resource.example.org/protectedresource',
    accessToken: ACCESS_TOKEN,
    boundKeyThumbprint: THUMBPRINT,
  };

  it('have the hash of the access token', () => {
    expect(accessTokenHash(ACCESS_TOKEN)).toBe(ACCESS_TOKEN_HASH);
  });

  it('have the thumbprint of the key', () => {
    expect(thumbprintOf({ cnf: { jkt: THUMBPRINT } })).toBe(THUMBPRINT);
  });

  it('have a proof that is good in its time', async () => {
    await expect(
      new DpopProofVerifier().verify(request),
    ).resolves.toBeUndefined();
  });

  it('have a proof that is too old now', async () => {
    vi.useRealTimers();
    await expect(new DpopProofVerifier().verify(request)).rejects.toMatchObject(
      { reason: 'time' },
    );
  });
});
