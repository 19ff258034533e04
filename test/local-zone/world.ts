import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import {
  GrantType,
  HeadlessBrowser,
  LocalZone,
  TokenType,
  type LocalZoneOptions,
  type ZoneDeclaration,
} from 'nestjs-keycard/local-zone';

export const MCP = 'http://localhost:39101/mcp';
export const CALENDAR = 'https://calendar.example.test/v1';
export const WEATHER = 'https://weather.example.test';
export const VAULT = 'https://legacy.example.test';
export const PAYROLL = 'https://payroll.example.test';
export const DOCUMENT = 'https://client.example.test/oauth/client.json';

export const CLIENT_ID = 'assistant:1 %+';
export const CLIENT_SECRET = 's3cr%t:+/= &?"x';
export const WORKLOAD_ISSUER = 'https://cluster.example.test';
export const WORKLOAD_SUBJECT = 'system:serviceaccount:demo:assistant';

/** Publishes a key set and a client metadata document on loopback. */
export class KeyServer {
  hits = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
    private key: SigningKey,
  ) {
    server.on('request', (request, response) => {
      this.hits += 1;
      const document = this.documents()[request.url ?? ''];
      response.writeHead(document ? 200 : 404, {
        'content-type': 'application/json',
      });
      response.end(JSON.stringify(document ?? {}));
    });
  }

  static async start(): Promise<KeyServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const key = await createKey('first');
    return new KeyServer(server, `http://127.0.0.1:${port}`, key);
  }

  get publicKey(): JWK {
    return this.key.publicKey;
  }

  get jwksUri(): string {
    return `${this.url}/jwks.json`;
  }

  async changeKey(): Promise<void> {
    this.key = await createKey(randomUUID());
  }

  sign(claims: Record<string, unknown>): Promise<string> {
    const { kid } = this.key.publicKey;
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid })
      .sign(this.key.privateKey);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private documents(): Record<string, unknown> {
    const metadata = {
      client_name: 'Loopback client',
      redirect_uris: [`${this.url}/callback`],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      application_type: 'native',
    };
    return {
      '/jwks.json': { keys: [this.publicKey] },
      '/client': { ...metadata, client_id: `${this.url}/client` },
      '/other': { ...metadata, client_id: `${this.url}/client` },
    };
  }
}

interface SigningKey {
  readonly privateKey: Parameters<SignJWT['sign']>[0];
  readonly publicKey: JWK;
}

async function createKey(kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = await exportJWK(publicKey);
  return { privateKey, publicKey: { ...jwk, kid, use: 'sig', alg: 'RS256' } };
}

export function declareWorld(keys: KeyServer): ZoneDeclaration {
  return {
    users: [
      { id: 'usr_ada', identifier: 'ada@example.test', name: 'Ada Lovelace' },
      {
        id: 'usr_bob',
        identifier: 'bob@example.test',
        name: 'Bob "<b>" O\'Neil',
      },
      { id: 'usr_eve', name: 'Eve', password: 'correct horse' },
    ],
    resources: [
      {
        identifier: MCP,
        name: 'Assistant',
        ownedBy: 'app_assistant',
        scopes: ['mcp:tools', 'mcp:admin'],
      },
      {
        identifier: CALENDAR,
        name: 'Calendar <API>',
        scopes: ['events:read', 'events:write'],
        userConnected: true,
        ttl: 120,
      },
      {
        identifier: WEATHER,
        name: 'Weather API',
        scopes: ['forecast'],
        ttl: 60,
      },
      { identifier: VAULT, name: 'Legacy', vaultSecret: 'opaque-legacy-key' },
      { identifier: PAYROLL, name: 'Payroll' },
    ],
    applications: [
      {
        id: 'app_assistant',
        name: 'Assistant',
        dependsOn: [CALENDAR, WEATHER, VAULT],
        mayImpersonate: true,
        clients: [
          { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET },
          { clientId: 'assistant-key', jwksUri: keys.jwksUri },
          {
            clientId: 'assistant-workload',
            workload: {
              issuer: WORKLOAD_ISSUER,
              subject: WORKLOAD_SUBJECT,
              jwks: { keys: [keys.publicKey] },
            },
          },
        ],
      },
      {
        id: 'app_other',
        name: 'Other',
        dependsOn: [WEATHER],
        clients: [{ clientId: 'other', clientSecret: 'other-secret' }],
      },
    ],
    clientMetadataDocuments: {
      [DOCUMENT]: {
        client_id: DOCUMENT,
        client_name: 'Declared client',
        application_type: 'native',
        redirect_uris: ['http://127.0.0.1/callback'],
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        scope: 'mcp:tools',
      },
    },
  };
}

export interface World {
  readonly zone: LocalZone;
  readonly keys: KeyServer;
  readonly api: ZoneApi;
  readonly problems: Error[];
  close(): Promise<void>;
}

export async function startWorld(options?: LocalZoneOptions): Promise<World> {
  const keys = await KeyServer.start();
  const zone = await LocalZone.start(declareWorld(keys), options);
  const problems: Error[] = [];
  zone.on('problem', (problem) => problems.push(problem));
  const close = async () => {
    await zone.stop();
    await keys.close();
  };
  return { zone, keys, api: await ZoneApi.discover(zone), problems, close };
}

export function basic(clientId: string, secret: string) {
  const encode = (text: string) =>
    encodeURIComponent(text).replaceAll('%20', '+');
  const pair = `${encode(clientId)}:${encode(secret)}`;
  return {
    authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
  };
}

export const ASSISTANT = basic(CLIENT_ID, CLIENT_SECRET);
export const OTHER = basic('other', 'other-secret');

/** The unsigned token that names a user to impersonate. */
export function substituteUser(
  sub: unknown,
  header: object = { typ: 'vnd.kc.su+jwt', alg: 'none' },
): string {
  const segment = (value: object) =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${segment(header)}.${segment({ sub })}.`;
}

export type Form = Record<string, string>;
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, any>;
}

export interface AuthorizeOptions {
  readonly clientId: string;
  readonly redirectUri?: string;
  readonly user?: string;
  readonly resource?: string | null;
  readonly allow?: boolean;
  readonly browser?: HeadlessBrowser;
  readonly extra?: Form;
}

/** Talks to a zone as a careful client does: by its metadata. */
export class ZoneApi {
  private constructor(
    readonly zone: LocalZone,
    readonly metadata: Record<string, any>,
  ) {}

  static async discover(zone: LocalZone): Promise<ZoneApi> {
    const url = `${zone.issuer}/.well-known/oauth-authorization-server`;
    const response = await fetch(url);
    return new ZoneApi(zone, (await response.json()) as Record<string, any>);
  }

  async post(
    url: string,
    form: Form | URLSearchParams,
    headers: Form = {},
  ): Promise<Answer> {
    const body = new URLSearchParams(form);
    const response = await fetch(url, { method: 'POST', headers, body });
    const text = await response.text();
    const parsed = text.startsWith('{')
      ? (JSON.parse(text) as Record<string, unknown>)
      : { text };
    return { status: response.status, headers: response.headers, body: parsed };
  }

  token(form: Form | URLSearchParams, headers?: Form): Promise<Answer> {
    return this.post(this.metadata['token_endpoint'], form, headers);
  }

  exchange(
    subjectToken: string,
    form: Form = {},
    headers: Form = ASSISTANT,
  ): Promise<Answer> {
    return this.token(
      {
        grant_type: GrantType.TokenExchange,
        subject_token: subjectToken,
        subject_token_type: TokenType.AccessToken,
        resource: WEATHER,
        ...form,
      },
      headers,
    );
  }

  introspect(token: string, headers: Form): Promise<Answer> {
    const url = this.metadata['introspection_endpoint'];
    return this.post(url, { token }, headers);
  }

  async register(metadata: object = {}): Promise<Record<string, any>> {
    const response = await fetch(this.metadata['registration_endpoint'], {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_name: 'Command line',
        redirect_uris: ['http://127.0.0.1:1111/callback'],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        ...metadata,
      }),
    });
    return (await response.json()) as Record<string, any>;
  }

  async authorize(options: AuthorizeOptions) {
    const { clientId, resource = MCP } = options;
    const redirectUri = options.redirectUri ?? 'http://127.0.0.1:5555/callback';
    const browser = options.browser ?? new HeadlessBrowser();
    const verifier = randomBytes(32).toString('base64url');
    const url = new URL(this.metadata['authorization_endpoint']);
    const parameters = {
      client_id: clientId,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'mcp:tools',
      state: randomUUID(),
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...(resource === null ? {} : { resource }),
      ...options.extra,
    };
    url.search = new URLSearchParams(parameters).toString();
    const end = await browser.walk(url, {
      user: options.user ?? 'usr_ada',
      allow: options.allow,
      stopAt: redirectUri,
    });
    const query = Object.fromEntries(end.url.searchParams) as Form;
    const redeem = (form: Form = {}) =>
      this.token({
        grant_type: GrantType.AuthorizationCode,
        client_id: clientId,
        code: query['code'] ?? '',
        redirect_uri: redirectUri,
        code_verifier: verifier,
        ...form,
      });
    return { end, query, browser, redeem, state: parameters.state };
  }
}

export function now(): number {
  return Math.floor(Date.now() / 1000);
}
