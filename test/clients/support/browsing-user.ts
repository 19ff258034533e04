import { HeadlessBrowser } from 'nestjs-keycard/local-zone';

const REDIRECT_URL = 'http://localhost:7777/callback';

/** The OAuth side of an official client, with a user who says yes. */
export class BrowsingUser {
  readonly redirectUrl = REDIRECT_URL;
  /** Scopes that were asked for, one entry for each visit of the browser. */
  readonly requested: (string | null)[] = [];
  /** What the browser came back with last. */
  answer = new URLSearchParams();
  readonly clientMetadata: object;
  private readonly browser = new HeadlessBrowser();
  private client: any;
  private current: any;
  private verifier = '';

  constructor(
    private readonly user: string,
    refreshes: boolean,
  ) {
    this.clientMetadata = {
      client_name: 'Client of the matrix',
      redirect_uris: [REDIRECT_URL],
      grant_types: [
        'authorization_code',
        ...(refreshes ? ['refresh_token'] : []),
      ],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    };
  }

  clientInformation() {
    return this.client;
  }

  saveClientInformation(client: object) {
    this.client = client;
  }

  tokens() {
    return this.current;
  }

  saveTokens(tokens: object) {
    this.current = tokens;
  }

  saveCodeVerifier(verifier: string) {
    this.verifier = verifier;
  }

  codeVerifier() {
    return this.verifier;
  }

  async redirectToAuthorization(url: URL) {
    this.requested.push(url.searchParams.get('scope'));
    const end = await this.browser.walk(url, {
      user: this.user,
      stopAt: REDIRECT_URL,
    });
    this.answer = end.url.searchParams;
  }
}
