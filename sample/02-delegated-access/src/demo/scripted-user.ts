import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type {
  OAuthClientInformationMixed,
  OAuthClientMetadata,
  OAuthTokens,
} from '@modelcontextprotocol/sdk/shared/auth.js';
import { decodeJwt } from 'jose';
import { HeadlessBrowser } from 'nestjs-keycard/local-zone';
import type { Narrator } from './narrator.js';

const REDIRECT_URL = 'http://localhost:7777/callback';

/** The OAuth side of an MCP client, with a person who signs in and says yes. */
export class ScriptedUser implements OAuthClientProvider {
  readonly redirectUrl = REDIRECT_URL;
  readonly clientMetadata: OAuthClientMetadata = {
    client_name: 'Demo client',
    redirect_uris: [REDIRECT_URL],
    // With a refresh token, this client refreshes instead of stepping up.
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  /** Authorization codes the browser came back with, not redeemed yet. */
  readonly codes: string[] = [];
  private readonly browser = new HeadlessBrowser();
  private client?: OAuthClientInformationMixed;
  private current?: OAuthTokens;
  private verifier = '';

  constructor(
    private readonly userId: string,
    private readonly narrator: Narrator,
  ) {}

  /** Claims of the access token the client holds. */
  get claims() {
    return decodeJwt(this.current!.access_token);
  }

  clientInformation() {
    return this.client;
  }

  saveClientInformation(client: OAuthClientInformationMixed) {
    this.client = client;
    this.narrator.tell(`registered as ${client.client_id}`);
  }

  tokens() {
    return this.current;
  }

  saveTokens(tokens: OAuthTokens) {
    this.current = tokens;
    const { iss, sub, aud, client_id, scope, exp } = this.claims;
    const claims = { iss, sub, aud, client_id, scope, exp };
    this.narrator.tell(`token claims: ${JSON.stringify(claims)}`);
  }

  saveCodeVerifier(verifier: string) {
    this.verifier = verifier;
  }

  codeVerifier() {
    return this.verifier;
  }

  async redirectToAuthorization(url: URL) {
    const { searchParams } = url;
    this.narrator.tell(
      `browser opens ${url.origin}${url.pathname}: scope ${searchParams.get('scope') ?? '(none)'}, resource ${searchParams.get('resource')}, PKCE ${searchParams.get('code_challenge_method')}`,
    );
    const before = this.browser.steps.length;
    const end = await this.browser.walk(url, {
      user: this.userId,
      stopAt: REDIRECT_URL,
    });
    for (const step of this.browser.steps.slice(before)) {
      this.narrator.tell(`  browser: ${step}`);
    }
    this.codes.push(end.url.searchParams.get('code') ?? '');
  }
}
