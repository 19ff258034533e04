import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApplicationCredential } from '../../lib/credentials/application-credential.interface.js';
import { ClientSecret } from '../../lib/credentials/client-secret.credential.js';
import { MemoryKeyStore } from '../../lib/credentials/web-identity/memory-key-store.js';
import { WebIdentity } from '../../lib/credentials/web-identity/web-identity.credential.js';
import { EKSWorkloadIdentity } from '../../lib/credentials/workload-identity/eks-workload-identity.credential.js';
import { FileTokenSource } from '../../lib/credentials/workload-identity/file-token.source.js';
import { WorkloadIdentity } from '../../lib/credentials/workload-identity/workload-identity.credential.js';
import { OAuthProtocolError } from '../../lib/oauth/index.js';
import { CALENDAR, CredentialWorld } from './support/credential-world.js';
import { temporaryDirectory } from './support/temporary-directory.js';

const EXCHANGE = (subjectToken: string) =>
  'resource=https%3A%2F%2Fcalendar.example.test&scope=events%3Aread' +
  `&subject_token=${subjectToken}` +
  '&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token' +
  '&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange';
const AS_APPLICATION =
  'resource=https%3A%2F%2Fcalendar.example.test&grant_type=client_credentials';
const ASSERTION_TYPE =
  '&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer';
const HEADERS = {
  accept: 'application/json',
  'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
  'user-agent': 'nestjs-keycard',
};
const TOKEN_PATHS = {
  keycard: '/oauth/2/token',
  plain: '/oauth/token',
} as const;

describe.each(['keycard', 'plain'] as const)(
  'over the wire to a zone with %s paths',
  (profile) => {
    let world: CredentialWorld;
    let subjectToken: string;
    beforeAll(async () => {
      world = await CredentialWorld.start(profile);
      subjectToken = await world.subjectToken();
    });
    beforeEach(() => {
      world.sent.length = 0;
    });
    afterAll(() => world[Symbol.asyncDispose]());

    const webIdentity = async (clientId = 'assistant-key') => {
      const credential = new WebIdentity({
        keyId: 'assistant',
        clientId,
        keyStore: new MemoryKeyStore(),
      });
      await credential.prepare();
      world.publication.credential = credential;
      world.zone.refreshClient(clientId);
      return credential;
    };

    const tokenFile = async () => {
      const path = join(await temporaryDirectory(), 'token');
      await writeFile(path, `${await world.platformToken()}\n`);
      return path;
    };

    interface Row {
      readonly credential: () => Promise<ApplicationCredential>;
      readonly headers?: Record<string, string>;
      /** The end of the form, given the assertion in it. */
      readonly tail: (assertion: string) => string;
      readonly clientId: string;
    }

    const rows: [string, Row][] = [
      [
        'ClientSecret',
        {
          credential: async () =>
            new ClientSecret('assistant-secret', 'pass word'),
          headers: {
            authorization: `Basic ${btoa('assistant-secret:pass+word')}`,
          },
          tail: () => '',
          clientId: 'assistant-secret',
        },
      ],
      [
        'WebIdentity',
        {
          credential: () => webIdentity(),
          tail: (assertion) =>
            `${ASSERTION_TYPE}&client_assertion=${assertion}`,
          clientId: 'assistant-key',
        },
      ],
      [
        'WorkloadIdentity',
        {
          credential: async () =>
            new WorkloadIdentity(
              new FileTokenSource({ path: await tokenFile() }),
            ),
          tail: (assertion) =>
            `${ASSERTION_TYPE}&client_assertion=${assertion}`,
          clientId: 'assistant-workload',
        },
      ],
      [
        'WorkloadIdentity with a client id',
        {
          credential: async () =>
            new WorkloadIdentity(() => world.platformToken(), {
              clientId: 'assistant-workload',
            }),
          tail: (assertion) =>
            `&client_id=assistant-workload${ASSERTION_TYPE}&client_assertion=${assertion}`,
          clientId: 'assistant-workload',
        },
      ],
      [
        'EKSWorkloadIdentity',
        {
          credential: async () =>
            new EKSWorkloadIdentity({ path: await tokenFile() }),
          tail: (assertion) =>
            `${ASSERTION_TYPE}&client_assertion=${assertion}`,
          clientId: 'assistant-workload',
        },
      ],
    ];

    it.each(rows)('%s: an exchange, byte for byte', async (_name, row) => {
      const response = await world.exchange(
        await row.credential(),
        subjectToken,
      );
      expect(decodeJwt(response.accessToken)).toMatchObject({
        sub: 'usr_ada',
        aud: CALENDAR,
        client_id: row.clientId,
      });
      const assertion = world.lastForm['client_assertion'] ?? '';
      expect(world.sent).toEqual([
        {
          url: world.zone.issuer + TOKEN_PATHS[profile],
          headers: { ...HEADERS, ...row.headers },
          body: EXCHANGE(subjectToken) + row.tail(assertion),
        },
      ]);
    });

    it.each(rows)('%s: a token of its own, byte for byte', async (_, row) => {
      await world.asApplication(await row.credential());
      const assertion = world.lastForm['client_assertion'] ?? '';
      expect(world.sent).toEqual([
        {
          url: world.zone.issuer + TOKEN_PATHS[profile],
          headers: { ...HEADERS, ...row.headers },
          body: AS_APPLICATION + row.tail(assertion),
        },
      ]);
    });

    it('the assertion of a WebIdentity verifies with its published keys', async () => {
      const credential = await webIdentity();
      await world.asApplication(credential);
      const keys = createRemoteJWKSet(new URL(world.publication.jwksUrl));
      const { protectedHeader, payload } = await jwtVerify(
        world.lastForm['client_assertion']!,
        keys,
      );
      expect(protectedHeader).toEqual({
        alg: 'RS256',
        typ: 'JWT',
        kid: 'assistant',
      });
      const { iat, jti, ...claims } = payload;
      expect(jti).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(claims).toEqual({
        iss: 'assistant-key',
        sub: 'assistant-key',
        aud: world.zone.tokenEndpoint,
        exp: iat! + 300,
      });
    });

    it('every request has an assertion of its own', async () => {
      const credential = await webIdentity();
      const identity = await credential.identify(world.server);
      const same = { identify: () => identity };
      const ids = new Set<unknown>();
      for (let request = 0; request < 3; request += 1) {
        await world.asApplication(same);
        ids.add(decodeJwt(world.lastForm['client_assertion']!).jti);
      }
      expect(ids.size).toBe(3);
    });

    it('an assertion for the issuer is refused by a zone that wants its token endpoint', async () => {
      const store = new MemoryKeyStore();
      const options = {
        keyId: 'assistant',
        clientId: 'assistant-key',
        keyStore: store,
      };
      const right = new WebIdentity(options);
      await right.prepare();
      world.publication.credential = right;
      world.zone.refreshClient('assistant-key');
      const wrong = new WebIdentity({
        ...options,
        assertionAudience: 'issuer',
      });
      const error = await world.asApplication(wrong).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(OAuthProtocolError);
      expect(error).toMatchObject({ error: 'invalid_client', status: 401 });
      expect(decodeJwt(world.lastForm['client_assertion']!).aud).toBe(
        world.zone.issuer,
      );
      await expect(world.asApplication(right)).resolves.toBeDefined();
    });

    it('a key the zone was not given is refused', async () => {
      await webIdentity();
      const stranger = new WebIdentity({
        keyId: 'assistant',
        clientId: 'assistant-key',
        keyStore: new MemoryKeyStore(),
      });
      await expect(world.asApplication(stranger)).rejects.toMatchObject({
        error: 'invalid_client',
      });
    });

    it('a platform token for another audience is refused', async () => {
      const credential = new WorkloadIdentity(() =>
        world.platformToken({ aud: 'sts.example.test' }),
      );
      await expect(world.asApplication(credential)).rejects.toMatchObject({
        error: 'invalid_client',
      });
    });

    it('the URL of its metadata may be the client id', async () => {
      const url = world.publication.clientMetadataUrl;
      const credential = await webIdentity(url);
      credential.attach({
        jwksUrl: world.publication.jwksUrl,
        clientMetadataUrl: url,
      });
      await world.asApplication(credential);
      expect(decodeJwt(world.lastForm['client_assertion']!).iss).toBe(url);
      const document: unknown = await (await fetch(url)).json();
      expect(document).toEqual({
        client_id: url,
        client_name: 'assistant',
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'RS256',
        grant_types: [
          'client_credentials',
          'urn:ietf:params:oauth:grant-type:token-exchange',
        ],
        response_types: [],
        redirect_uris: [],
        jwks_uri: world.publication.jwksUrl,
      });
    });

    it('a file that changes between two requests is read again', async () => {
      const path = await tokenFile();
      const credential = new WorkloadIdentity(new FileTokenSource({ path }));
      await world.asApplication(credential);
      const first = world.lastForm['client_assertion'];
      const next = await world.platformToken({ turn: 2 });
      await writeFile(path, next);
      await world.asApplication(credential);
      expect(world.lastForm['client_assertion']).toBe(next);
      expect(first).not.toBe(next);
    });

    it('nothing is sent when the platform has no token', async () => {
      const credential = new WorkloadIdentity(() => '');
      await expect(world.asApplication(credential)).rejects.toMatchObject({
        code: 'ERR_WORKLOAD_IDENTITY',
      });
      expect(world.sent).toEqual([]);
    });
  },
);
