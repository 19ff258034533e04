import { createHash, randomBytes, randomUUID } from 'node:crypto';
import {
  GrantType,
  HeadlessBrowser,
  TokenType,
  type LocalZone,
} from 'nestjs-keycard/local-zone';
import { ASSISTANT, MCP, WEATHER } from './declaration.js';

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
    const query = Object.fromEntries<string>(end.url.searchParams);
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

/** A client assertion as the members of a form. */
export function asForm(assertion: string): Form {
  return {
    client_assertion_type:
      'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  };
}
