import { request as sendRequest } from 'node:http';
import * as oauth from 'oauth4webapi';
import { generateKeyPair } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { createProof, createProofKey } from './proof.fixture.js';
import { accessTokenHash } from '../../../lib/verification/dpop/access-token-hash.js';
import {
  startResourceServer,
  type DpopResourceServer,
} from './resource-server.fixture.js';

let server: DpopResourceServer;
afterEach(() => server.close());

/** A client with a key of its own, as oauth4webapi implements it. */
async function createClient(algorithm: string) {
  const keyPair = await generateKeyPair(algorithm, { extractable: true });
  const DPoP = oauth.DPoP({}, keyPair);
  const thumbprint = await DPoP.calculateThumbprint();
  const token = await server.issue({ cnf: { jkt: thumbprint } });
  // The client knows the public URL; a proxy brings the request here.
  const proxy = (_url: string, init: RequestInit) =>
    fetch(server.address, init);
  const call = (accessToken = token) =>
    oauth.protectedResourceRequest(
      accessToken,
      'POST',
      new URL(server.publicUrl),
      new Headers(),
      null,
      { DPoP, [oauth.customFetch]: proxy as never },
    );
  return { call, token, DPoP };
}

/** Sends headers as they are, repeated ones included. */
function send(headers: Record<string, string | string[]>) {
  return new Promise<{ status: number; challenge: string }>(
    (resolve, reject) => {
      sendRequest(server.address, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve({
          status: response.statusCode!,
          challenge: response.headers['www-authenticate'] ?? '',
        });
      })
        .on('error', reject)
        .end();
    },
  );
}

describe('the proofs of oauth4webapi', () => {
  it.each(['ES256', 'RS256', 'PS256', 'Ed25519'])(
    'are accepted, one per request: %s',
    async (algorithm) => {
      server = await startResourceServer();
      const { call } = await createClient(algorithm);
      for (let count = 0; count < 3; count += 1) {
        const response = await call();
        expect(response.status).toBe(200);
        expect(await response.json()).toEqual({ sub: 'ada' });
      }
    },
  );

  it('sep-1932-server-nonce: are made again with a nonce', async () => {
    server = await startResourceServer({ nonce: { required: true } });
    const { call } = await createClient('ES256');
    const error: unknown = await call().catch((reason: unknown) => reason);
    expect(oauth.isDPoPNonceError(error)).toBe(true);
    expect((await call()).status).toBe(200);
    expect((await call()).status).toBe(200);
  });

  it('are refused with the token of another client', async () => {
    server = await startResourceServer();
    const { call } = await createClient('ES256');
    const { token: stolen } = await createClient('ES256');
    const error: unknown = await call(stolen).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(oauth.WWWAuthenticateChallengeError);
    const [challenge] = (error as oauth.WWWAuthenticateChallengeError).cause;
    expect(challenge).toMatchObject({
      scheme: 'dpop',
      parameters: { error: 'invalid_dpop_proof' },
    });
  });

  it('sep-1932-server-audience-validation', async () => {
    server = await startResourceServer();
    const { call, DPoP } = await createClient('ES256');
    const jkt = await DPoP.calculateThumbprint();
    const other = 'https://other.example.com/mcp';
    await expect(
      call(await server.issue({ aud: other, cnf: { jkt } })),
    ).rejects.toMatchObject({ status: 401 });
  });
});

async function prepare(changes: Record<string, unknown> = {}) {
  server = await startResourceServer();
  const key = await createProofKey();
  const token = await server.issue({ cnf: { jkt: key.thumbprint } });
  const claims = { ath: accessTokenHash(token), ...changes };
  return { key, token, proof: await createProof(key, { claims }) };
}

describe('sep-1932-server-reject-401', () => {
  it('a bound token under the Bearer scheme', async () => {
    const { token, proof } = await prepare();
    const authorization = `Bearer ${token}`;
    for (const headers of [{ authorization }, { authorization, dpop: proof }]) {
      expect(await send(headers as Record<string, string>)).toMatchObject({
        status: 401,
        challenge: expect.stringContaining('error="invalid_token"') as string,
      });
    }
  });

  it('an unbound token with a proof', async () => {
    const { key } = await prepare();
    const token = await server.issue({});
    const claims = { ath: accessTokenHash(token) };
    const dpop = await createProof(key, { claims });
    expect(await send({ authorization: `DPoP ${token}`, dpop })).toMatchObject({
      status: 401,
      challenge: expect.stringContaining('error="invalid_token"') as string,
    });
    expect(await send({ authorization: `Bearer ${token}` })).toMatchObject({
      status: 200,
    });
  });

  it('duplicate-dpop-header', async () => {
    const { token, proof } = await prepare();
    const authorization = `DPoP ${token}`;
    expect(await send({ authorization, dpop: [proof, proof] })).toMatchObject({
      status: 401,
      challenge: expect.stringContaining(
        'error="invalid_dpop_proof"',
      ) as string,
    });
    expect(await send({ authorization, dpop: proof })).toMatchObject({
      status: 200,
    });
  });

  it('a replay', async () => {
    const { token, proof } = await prepare();
    const headers = { authorization: `DPoP ${token}`, dpop: proof };
    expect((await send(headers)).status).toBe(200);
    expect((await send(headers)).status).toBe(401);
  });

  it('a proof for the address instead of the public URL', async () => {
    const { token, proof } = await prepare({ htu: 'http://127.0.0.1/mcp' });
    const headers = { authorization: `DPoP ${token}`, dpop: proof };
    expect((await send({ ...headers, host: '127.0.0.1' })).status).toBe(401);
  });

  it('a bound token without a proof', async () => {
    const { token } = await prepare();
    expect(await send({ authorization: `DPoP ${token}` })).toMatchObject({
      status: 401,
      challenge: expect.stringMatching(
        /^DPoP error="invalid_dpop_proof", algs="ES256 /,
      ) as string,
    });
  });
});
