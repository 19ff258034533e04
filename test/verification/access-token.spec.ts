import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InvalidTokenError } from '../../lib/verification/invalid-token.error.js';
import type { Principal } from '../../lib/verification/principal.js';
import type {
  TokenVerifier,
  VerifierPolicy,
} from '../../lib/verification/token-verifier.js';
import {
  inSeconds,
  RESOURCE,
  VerificationWorld,
} from '../support/verification-world.js';
import { forge } from '../support/token-forge.js';
import { METADATA } from '../support/zone-server.js';

let world: VerificationWorld;
let verifier: TokenVerifier;
beforeAll(async () => {
  world = await VerificationWorld.start();
});
beforeEach(() => {
  world.reset();
  verifier = world.verifier();
});
afterAll(() => world.zone.stop());

type Members = Record<string, unknown>;

const verify = (claims: Members = {}, header: Members = {}) =>
  verifier.verify(world.token(claims, header), world.target());
const outcome = (token: string, policy: VerifierPolicy = {}): Promise<string> =>
  world
    .verifier({ policy })
    .verify(token, world.target())
    .then(
      () => 'accepted',
      (error: unknown) => (error as InvalidTokenError).reason,
    );

describe('an access token', () => {
  it('becomes a principal', async () => {
    const exp = inSeconds(300);
    const claims = { exp, iat: exp - 300, scope: 'a b', x: { y: 1 } };
    const principal = await verify(claims);
    expect(principal).toEqual({
      issuer: world.zone.issuer,
      subject: 'usr_123',
      clientId: 'client_abc',
      scopes: ['a', 'b'],
      audience: [RESOURCE],
      expiresAt: exp,
      resource: RESOURCE,
      claims: world.claims(claims),
    });
  });

  it.each<[string, Members]>([
    ['no scope', { scope: undefined }],
    ['no jti', { jti: undefined }],
    ['an audience list', { aud: ['https://a', RESOURCE] }],
    ['nbf in the past', { nbf: inSeconds(-60) }],
    ['nbf now', { nbf: inSeconds(0) }],
    ['nbf 0', { nbf: 0 }],
    ['iat a little ahead', { iat: inSeconds(240) }],
    ['fractions', { iat: inSeconds(0) - 0.5, exp: inSeconds(60) + 0.5 }],
    ['exp in a thousand years', { exp: 33_000_000_000 }],
    ['an odd resource', { resource: [1, {}] }],
    ['an odd scope', { scope: { a: 1 } }],
    ['an odd scp', { scope: undefined, scp: 42 }],
    ['members of every object', { constructor: 1, toString: 'x' }],
    ['text beyond Latin-1', { name: 'Zoë 😀 字' }],
  ])('may have %s', async (_case, claims) => {
    expect((await verify(claims)).subject).toBe('usr_123');
  });

  it('may be deep, though not for long', async () => {
    const nested = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
    const json = JSON.stringify(world.claims({ nested: 1 }));
    const token = forge(
      world.signer,
      json.replace('"nested":1', `"nested":${nested}`),
    );
    const { claims } = await verifier.verify(token, world.target());
    expect(claims.nested).toBeInstanceOf(Array);
  });

  it('is read as UTF-8', async () => {
    const principal = await verify({ sub: 'zoë', scope: 'é 字' });
    expect(principal.subject).toBe('zoë');
    expect(principal.scopes).toEqual(['é', '字']);
  });

  it.each<[string, unknown]>([
    ['at+jwt', 'at+jwt'],
    ['AT+JWT', 'AT+JWT'],
    ['application/at+jwt', 'application/at+jwt'],
    ['JWT', 'JWT'],
    ['jwt', 'jwt'],
    ['none', undefined],
  ])('may be of type %s', async (_case, typ) => {
    expect((await verify({}, { typ })).subject).toBe('usr_123');
  });

  it.each<[string, Members, readonly string[]]>([
    ['a text', { scope: 'a b' }, ['a', 'b']],
    ['blanks', { scope: '  a \t b\n' }, ['a', 'b']],
    [
      'blanks of others',
      { scope: 'a\u00a0b c\u2028d' },
      ['a\u00a0b', 'c\u2028d'],
    ],
    ['repetitions', { scope: 'a b a' }, ['a', 'b']],
    ['nothing', { scope: undefined }, []],
    ['an empty text', { scope: '' }, []],
    ['a list', { scope: ['a', 'b', 'a'] }, ['a', 'b']],
    ['an odd list', { scope: ['a', 1] }, []],
    ['scp', { scope: undefined, scp: 'a b' }, ['a', 'b']],
    ['scp, a list', { scope: undefined, scp: ['a'] }, ['a']],
    ['both: scope wins', { scope: 'a', scp: 'admin' }, ['a']],
    ['both, scope empty: scope wins', { scope: '', scp: 'admin' }, []],
    ['both, scope odd: scope wins', { scope: 1, scp: 'admin' }, []],
  ])('scopes from %s', async (_case, claims, scopes) => {
    expect((await verify(claims)).scopes).toEqual(scopes);
  });

  it('has the issuer of the zone, slash and all', async () => {
    const issuer = `${world.zone.issuer}/`;
    world.zone.metadata = { issuer };
    expect((await verify({ iss: issuer })).issuer).toBe(issuer);
    await expect(verify()).rejects.toMatchObject({ reason: 'issuer' });
  });

  it('is refused if it expires while the zone is asked', async () => {
    const exp = Date.now() / 1000 + 0.2;
    const after = new Promise((resolve) => setTimeout(resolve, 250));
    world.zone.on(METADATA, () => ({ after, body: world.zone.document() }));
    await expect(verify({ exp })).rejects.toMatchObject({ reason: 'expired' });
  });
});

describe('a bound token, where keys are proved afterwards', () => {
  const jkt = 'x'.repeat(43);

  it.each<[unknown, string]>([
    [{ jkt }, 'accepted'],
    [{ 'x5t#S256': jkt }, 'bound'],
    [{ jkt, 'x5t#S256': jkt }, 'bound'],
    [{ jwk: {} }, 'bound'],
    [{}, 'bound'],
    [[], 'bound'],
    ['jkt', 'bound'],
    [1, 'bound'],
    [null, 'bound'],
  ])('%j: %s', async (cnf, expected) => {
    const policy = { acceptsBoundTokens: true };
    expect(await outcome(world.token({ cnf }), policy)).toBe(expected);
  });

  it('is refused everywhere else', async () => {
    expect(await outcome(world.token({ cnf: { jkt } }))).toBe('bound');
  });
});

describe('clock tolerance', () => {
  const TOLERANT = { clockTolerance: 30 };

  it.each<[string, Members, VerifierPolicy, string]>([
    ['expired just now', { exp: inSeconds(-5) }, {}, 'expired'],
    ['expired just now', { exp: inSeconds(-5) }, TOLERANT, 'accepted'],
    ['expired for long', { exp: inSeconds(-90) }, TOLERANT, 'expired'],
    ['active soon', { nbf: inSeconds(25) }, {}, 'not_active'],
    ['active soon', { nbf: inSeconds(25) }, TOLERANT, 'accepted'],
    ['active later', { nbf: inSeconds(90) }, TOLERANT, 'not_active'],
  ])('%s: %j, %j: %s', async (_case, claims, policy, expected) => {
    expect(await outcome(world.token(claims), policy)).toBe(expected);
  });

  it('an expired token is not remembered', async () => {
    const tolerant = world.verifier({ policy: TOLERANT });
    const token = world.token({ exp: inSeconds(-5) });
    await tolerant.verify(token, world.target());
    expect(tolerant.remembered(token, world.target())).toBeUndefined();
  });
});

const zone = () => world.zone.issuer;
const inZone = (id: string) => ({ id, issuer: world.zone.issuer });

describe('the audience', () => {
  const MULTI = 'https://mcp.example.test/acme/mcp';
  const A = 'https://a.example';
  const B = 'https://b.example';

  const verifyFor = (
    claims: Members,
    ...target: Parameters<VerificationWorld['target']>
  ) =>
    verifier.verify(world.token(claims), world.target(...target)).then(
      () => 'accepted',
      (error: unknown) => (error as InvalidTokenError).reason,
    );

  it.each<[string, () => Members, unknown, string]>([
    ['a text', () => ({ aud: A }), A, 'accepted'],
    ['a text in a list', () => ({ aud: [B, A] }), A, 'accepted'],
    ['another text', () => ({ aud: RESOURCE }), A, 'audience'],
    ['a list: first', () => ({ aud: A }), [A, B], 'accepted'],
    ['a list: last', () => ({ aud: B }), [A, B], 'accepted'],
    ['a list: two lists', () => ({ aud: ['x', B] }), [A, B], 'accepted'],
    ['a list without it', () => ({ aud: RESOURCE }), [A, B], 'audience'],
    ['an empty list', () => ({ aud: RESOURCE }), [], 'audience'],
    ['off', () => ({ aud: 'whatever' }), false, 'accepted'],
    ['off: still a claim', () => ({ aud: undefined }), false, 'claims'],
    ['a map without zones', () => ({ aud: A }), { acme: A }, 'audience'],
  ])('%s', async (_case, claims, audience, expected) => {
    expect(await verifyFor(claims(), audience as never)).toBe(expected);
  });

  it.each<[string, () => Members, string]>([
    ['alone', () => ({ aud: zone() }), 'audience'],
    [
      'with our resource',
      () => ({ aud: zone(), resource: RESOURCE }),
      'accepted',
    ],
    [
      'with our resource in a list',
      () => ({ aud: zone(), resource: [A, RESOURCE] }),
      'accepted',
    ],
    ['with another resource', () => ({ aud: zone(), resource: A }), 'audience'],
    ['with an odd resource', () => ({ aud: zone(), resource: 1 }), 'audience'],
    [
      'with a resource below ours',
      () => ({ aud: zone(), resource: `${RESOURCE}/x` }),
      'audience',
    ],
    [
      'with our resource as second audience',
      () => ({ aud: [zone(), RESOURCE] }),
      'accepted',
    ],
    [
      'absent, but our resource',
      () => ({ aud: A, resource: RESOURCE }),
      'audience',
    ],
  ])('the zone URL %s', async (_case, claims, expected) => {
    expect(await verifyFor(claims(), [RESOURCE, zone()])).toBe(expected);
  });

  it('the zone URL with a slash is the zone URL, too', async () => {
    const aud = `${zone()}/`;
    expect(await verifyFor({ aud }, [aud])).toBe('audience');
    expect(await verifyFor({ aud, resource: RESOURCE }, [aud])).toBe(
      'accepted',
    );
  });

  it('the zone URL is not enough by default', async () => {
    expect(await verifyFor({ aud: zone(), resource: RESOURCE })).toBe(
      'audience',
    );
  });

  it.each<[string, Members, unknown, string, string]>([
    ['the resource of the zone', { aud: MULTI }, undefined, 'acme', 'accepted'],
    [
      'the resource of no zone',
      { aud: RESOURCE },
      undefined,
      'acme',
      'audience',
    ],
    [
      'the resource of another zone',
      { aud: MULTI },
      undefined,
      'other',
      'audience',
    ],
    ['a map', { aud: A }, { acme: A, other: B }, 'acme', 'accepted'],
    [
      'a map: another zone',
      { aud: A },
      { acme: A, other: B },
      'other',
      'audience',
    ],
    ['a map of lists', { aud: B }, { acme: [A, B] }, 'acme', 'accepted'],
    ['a map without the zone', { aud: A }, { acme: A }, 'other', 'audience'],
    [
      'a map: a member of every object',
      { aud: A },
      { acme: A },
      'constructor',
      'audience',
    ],
  ])('many zones, %s', async (_case, claims, audience, id, expected) => {
    const target = [audience as never, inZone(id)] as const;
    expect(await verifyFor(claims, ...target)).toBe(expected);
  });

  it('many zones: the principal knows its own', async () => {
    const token = world.token({ aud: MULTI });
    const target = world.target(undefined, inZone('acme'));
    const principal: Principal = await verifier.verify(token, target);
    expect(principal).toMatchObject({ zoneId: 'acme', resource: MULTI });
  });
});
