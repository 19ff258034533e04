import { CookieJar } from './cookie-jar.js';
import { LocalZoneError } from './local-zone.error.js';
import { LoginMessages } from './local-zone.messages.js';

const MAX_REDIRECTS = 20;

/**
 * What a user does on the pages of a zone.
 *
 * @publicApi
 */
export interface WalkOptions {
  /** Id of the user who signs in when the login page shows. */
  readonly user?: string;
  readonly password?: string;
  /** Whether the user allows access on the consent page. @default true */
  readonly allow?: boolean;
  /** Stops before this URL, or one that starts with it, is requested. */
  readonly stopAt?: string | URL;
}

/**
 * Where a walk ended: before a URL that is not requested, or on a page.
 *
 * @publicApi
 */
export interface WalkResult {
  readonly url: URL;
  /** `undefined` when the walk stopped before the request. */
  readonly status: number | undefined;
  readonly text: string | undefined;
}

/**
 * A browser without a window, for tests: it keeps cookies, follows redirects
 * and presses the buttons of a local zone's pages. One instance is one
 * browser, so a second walk is already signed in.
 *
 * @example
 * ```ts
 * const browser = new HeadlessBrowser();
 * const { url } = await browser.walk(authorizationUrl, {
 *   user: 'usr_ada',
 *   stopAt: 'http://127.0.0.1:8123/callback',
 * });
 * const code = url.searchParams.get('code');
 * ```
 * @publicApi
 */
export class HeadlessBrowser {
  /** Requests so far, such as `GET /connect 303`. */
  readonly steps: string[] = [];
  private readonly jar = new CookieJar();

  async walk(
    start: string | URL,
    options: WalkOptions = {},
  ): Promise<WalkResult> {
    let url = new URL(start);
    for (let hop = 0; hop < MAX_REDIRECTS; hop += 1) {
      if (shouldStop(url, options.stopAt)) {
        return { url, status: undefined, text: undefined };
      }
      const { status, headers, text } = await this.visit(url, options);
      const location = headers.get('location');
      if (location === null) {
        return { url, status, text };
      }
      url = new URL(location, url);
    }
    throw new LocalZoneError(
      LoginMessages.tooManyRedirects(String(start)),
      'ERR_LOCAL_ZONE_LOGIN',
    );
  }

  /** Sends one request with the browser's cookies and follows nothing. */
  async request(target: string | URL, init?: RequestInit): Promise<Response> {
    const url = new URL(target);
    const headers = new Headers(init?.headers);
    if (!headers.has('accept')) {
      headers.set('accept', 'text/html');
    }
    const cookies = this.jar.header(url);
    if (cookies !== undefined) {
      headers.set('cookie', cookies);
    }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    this.jar.store(url, response.headers);
    const method = init?.method ?? 'GET';
    this.steps.push(`${method} ${url.pathname} ${response.status}`);
    return response;
  }

  /** Loads a page and, when it asks something, answers it. */
  private async visit(url: URL, options: WalkOptions) {
    const page = await this.load(url);
    const asks =
      page.status === 200 && url.pathname.startsWith('/interaction/');
    if (!asks) {
      return page;
    }
    const isLogin = page.text.includes('name="user"');
    return this.load(url, {
      method: 'POST',
      headers: { origin: url.origin },
      body: isLogin ? loginForm(options) : consentForm(options),
    });
  }

  private async load(url: URL, init?: RequestInit) {
    const response = await this.request(url, init);
    const { status, headers } = response;
    return { status, headers, text: await response.text() };
  }
}

function shouldStop(url: URL, stopAt: string | URL | undefined): boolean {
  return stopAt !== undefined && url.href.startsWith(String(stopAt));
}

function loginForm({ user = '', password }: WalkOptions): URLSearchParams {
  const form = new URLSearchParams({ user });
  if (password !== undefined) {
    form.set('password', password);
  }
  return form;
}

function consentForm({ allow = true }: WalkOptions): URLSearchParams {
  return new URLSearchParams({ action: allow ? 'allow' : 'cancel' });
}
