import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { LocalZone, type LocalZoneProfile } from 'nestjs-keycard/local-zone';
import type { ApplicationCredential } from '../../../lib/credentials/application-credential.interface.js';
import {
  createHttpFetch,
  discoverServer,
  exchangeToken,
  requestToken,
  type ServerMetadata,
} from '../../../lib/oauth/index.js';
import { KeyPublication } from './key-publication.js';

export const MCP = 'http://localhost:39201/mcp';
export const CALENDAR = 'https://calendar.example.test';
export const WORKLOAD = 'system:serviceaccount:demo:assistant';
const CLUSTER = 'https://cluster.example.test';

/** What went over the wire. */
export interface SentRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A zone, an application with one client per kind of credential, and a user. */
export class CredentialWorld implements AsyncDisposable {
  readonly sent: SentRequest[] = [];
  readonly #fetch = createHttpFetch({
    fetch: async (url, init) => {
      const request = new Request(url, init);
      this.sent.push({
        url: request.url,
        headers: Object.fromEntries(request.headers),
        body: await request.clone().text(),
      });
      return fetch(request);
    },
  });

  private constructor(
    readonly zone: LocalZone,
    readonly publication: KeyPublication,
    readonly server: ServerMetadata,
    /** Signs a token of the platform the workload runs on. */
    readonly platformToken: (claims?: object) => Promise<string>,
  ) {}

  static async start(profile: LocalZoneProfile): Promise<CredentialWorld> {
    const publication = await KeyPublication.start();
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const platformKey = { ...(await exportJWK(publicKey)), kid: 'platform' };
    const zone = await LocalZone.start(
      {
        users: [{ id: 'usr_ada' }],
        resources: [
          { identifier: MCP, ownedBy: 'assistant', scopes: ['mcp:tools'] },
          { identifier: CALENDAR, scopes: ['events:read'] },
        ],
        applications: [
          {
            id: 'assistant',
            dependsOn: [CALENDAR],
            clients: [
              { clientId: 'assistant-secret', clientSecret: 'pass word' },
              { clientId: 'assistant-key', jwksUri: publication.jwksUrl },
              {
                clientId: publication.clientMetadataUrl,
                jwksUri: publication.jwksUrl,
              },
              {
                clientId: 'assistant-workload',
                workload: {
                  issuer: CLUSTER,
                  subject: WORKLOAD,
                  jwks: { keys: [platformKey] },
                },
              },
            ],
          },
        ],
      },
      { profile },
    );
    const sign = (claims: object = {}) =>
      new SignJWT({
        iss: CLUSTER,
        sub: WORKLOAD,
        aud: zone.issuer,
        ...claims,
      })
        .setProtectedHeader({ alg: 'RS256', kid: 'platform' })
        .setIssuedAt()
        .setExpirationTime('10m')
        .sign(privateKey);
    const server = await discoverServer(zone.issuer, createHttpFetch());
    return new CredentialWorld(zone, publication, server, sign);
  }

  async subjectToken(): Promise<string> {
    const { accessToken } = await this.zone.login('usr_ada');
    return accessToken;
  }

  async exchange(credential: ApplicationCredential, subjectToken: string) {
    return exchangeToken(
      { subjectToken, resource: CALENDAR, scopes: ['events:read'] },
      {
        server: this.server,
        ...(await credential.identify(this.server)),
        fetch: this.#fetch,
      },
    );
  }

  async asApplication(credential: ApplicationCredential) {
    return requestToken({
      server: this.server,
      ...(await credential.identify(this.server)),
      grantType: 'client_credentials',
      parameters: new URLSearchParams({ resource: CALENDAR }),
      fetch: this.#fetch,
    });
  }

  /** The form of the last request, as the zone read it. */
  get lastForm(): Readonly<Record<string, string>> {
    return this.zone.calls.findLast(({ kind }) => kind === 'token')!.form;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.zone.stop();
    await this.publication[Symbol.asyncDispose]();
  }
}
