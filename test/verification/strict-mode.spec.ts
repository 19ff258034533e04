import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenVerifier } from '../../lib/verification/token-verifier.js';
import { base64url } from '../support/token-forge.js';
import {
  inSeconds,
  RESOURCE,
  VerificationWorld,
} from '../support/verification-world.js';

let world: VerificationWorld;
let verifier: TokenVerifier;
beforeAll(async () => {
  world = await VerificationWorld.start();
  verifier = world.verifier({ policy: { strictTokenType: true } });
});
afterAll(() => world.zone.stop());

type Members = Record<string, unknown>;
type Row = [name: string, claims: () => Members, header?: Members];

const ours = (token: string) =>
  verifier.verify(token, world.target()).then(
    () => 'accept',
    () => 'reject',
  );

const theirs = (token: string) =>
  oauth
    .validateJwtAccessToken(
      world.zone.document() as unknown as oauth.AuthorizationServer,
      new Request(RESOURCE, { headers: { authorization: `Bearer ${token}` } }),
      RESOURCE,
      { [oauth.allowInsecureRequests]: true, signingAlgorithms: ['RS256'] },
    )
    .then(
      () => 'accept',
      () => 'reject',
    );

const ACCEPTED: Row[] = [
  ['baseline', () => ({})],
  ['typ application/at+jwt', () => ({}), { typ: 'application/at+jwt' }],
  ['aud a list with us', () => ({ aud: ['https://a', RESOURCE] })],
  ['iat a little ahead', () => ({ iat: inSeconds(120) })],
];

const REJECTED: Row[] = [
  ['typ JWT', () => ({}), { typ: 'JWT' }],
  ['no typ', () => ({}), { typ: undefined }],
  ['typ of a proof', () => ({}), { typ: 'dpop+jwt' }],
  ['aud wrong', () => ({ aud: 'https://a' })],
  ['aud missing', () => ({ aud: undefined })],
  ['iss wrong', () => ({ iss: 'https://a' })],
  ['iss with a slash', () => ({ iss: `${world.zone.issuer}/` })],
  ['iss missing', () => ({ iss: undefined })],
  ['exp past', () => ({ exp: inSeconds(-60) })],
  ['exp missing', () => ({ exp: undefined })],
  ['nbf future', () => ({ nbf: inSeconds(60) })],
  ['sub missing', () => ({ sub: undefined })],
  ['sub a number', () => ({ sub: 1 })],
  ['client_id missing', () => ({ client_id: undefined })],
  ['client_id a number', () => ({ client_id: 1 })],
  ['jti missing', () => ({ jti: undefined })],
  ['jti a number', () => ({ jti: 1 })],
  ['iat missing', () => ({ iat: undefined })],
  ['crit unknown', () => ({}), { crit: ['x'], x: 1 }],
  ['cnf.jkt', () => ({ cnf: { jkt: 'x'.repeat(43) } })],
  ['cnf of another kind', () => ({ cnf: { 'x5t#S256': 'x' } })],
  ['cnf no object', () => ({ cnf: 'x' })],
  ['alg none', () => ({}), { alg: 'none' }],
  ['alg HS256', () => ({}), { alg: 'HS256' }],
  ['kid unknown', () => ({}), { kid: 'other' }],
];

describe('strict mode agrees with validateJwtAccessToken of oauth4webapi', () => {
  it.each<[verdict: string, ...row: Row]>([
    ...ACCEPTED.map((row): [string, ...Row] => ['accept', ...row]),
    ...REJECTED.map((row): [string, ...Row] => ['reject', ...row]),
  ])('%s: %s', async (verdict, _name, claims, header) => {
    const token = world.token(claims(), header);
    expect({ ours: await ours(token), theirs: await theirs(token) }).toEqual({
      ours: verdict,
      theirs: verdict,
    });
  });

  it('reject: alg none without a signature', async () => {
    const token = `${base64url(world.header({ alg: 'none' }))}.${base64url(world.claims())}.`;
    expect([await ours(token), await theirs(token)]).toEqual([
      'reject',
      'reject',
    ]);
  });

  it('but for an iat more than five minutes ahead, which ours refuses', async () => {
    const token = world.token({ iat: inSeconds(400), exp: inSeconds(900) });
    expect([await ours(token), await theirs(token)]).toEqual([
      'reject',
      'accept',
    ]);
  });
});
