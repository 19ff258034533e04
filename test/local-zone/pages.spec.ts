import { beforeAll, describe, expect, it } from 'vitest';
import { HeadlessBrowser } from 'nestjs-keycard/local-zone';
import { useWorld } from './use-world.js';
import { MCP } from './world.js';

const world = await useWorld();
let clientId: string;
beforeAll(async () => {
  const name = '<img src=x onerror=alert(1)>';
  const client = await world.api.register({ client_name: name });
  clientId = String(client['client_id']);
});

/** Opens the login page, and returns where its form is sent. */
async function openLogin(browser: HeadlessBrowser) {
  const url = new URL(world.zone.authorizationEndpoint);
  url.search = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: 'http://127.0.0.1:5555/callback',
    resource: MCP,
    scope: 'mcp:tools',
    code_challenge: 'a'.repeat(43),
    code_challenge_method: 'S256',
  }).toString();
  const start = await browser.request(url);
  const page = new URL(start.headers.get('location') ?? '', url);
  const response = await browser.request(page);
  return { page, response, html: await response.text() };
}

function submit(
  browser: HeadlessBrowser,
  page: URL,
  form: Record<string, string>,
  headers: Record<string, string> = {},
) {
  const body = new URLSearchParams(form);
  return browser.request(page, { method: 'POST', body, headers });
}

async function openConsent(browser: HeadlessBrowser) {
  const { page } = await openLogin(browser);
  const login = await submit(browser, page, { user: 'usr_bob' });
  const resume = new URL(login.headers.get('location') ?? '', page);
  const next = await browser.request(resume);
  const consent = new URL(next.headers.get('location') ?? '', resume);
  const response = await browser.request(consent);
  return { page: consent, response, html: await response.text() };
}

describe.each([
  ['login', openLogin],
  ['consent', openConsent],
])('the %s page', (_, open) => {
  it('can be used by anybody', async () => {
    const { html } = await open(new HeadlessBrowser());
    expect(html).toContain('<html lang="en">');
    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html).toContain(':focus-visible');
    expect(html).not.toContain('<script');
  });

  it('escapes what others named', async () => {
    const { html } = await open(new HeadlessBrowser());
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(html).toContain('Bob &quot;&lt;b&gt;&quot; O&#39;Neil');
    expect(html).not.toContain('<img');
    expect(html).not.toContain('<b>');
  });

  it('loads nothing, is not framed, not stored, and may post to the callback', async () => {
    const { response } = await open(new HeadlessBrowser());
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(
      "form-action 'self' http://127.0.0.1:5555 http://localhost:* http://127.0.0.1:*;",
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('referrer-policy')).toBe('same-origin');
  });

  it.each(['https://evil.test', 'http://localhost:1', 'null'])(
    'refuses a form from %s',
    async (origin) => {
      const browser = new HeadlessBrowser();
      const { page } = await open(browser);
      const form = { user: 'usr_ada', action: 'allow' };
      const response = await submit(browser, page, form, { origin });
      expect(response.status).toBe(403);
      expect(await response.text()).toContain('role="alert"');
    },
  );
});

describe('the login page', () => {
  it.each<[string, Record<string, string>]>([
    ['an unknown user', { user: 'nobody' }],
    ['no password', { user: 'usr_eve' }],
    ['a wrong password', { user: 'usr_eve', password: 'battery' }],
  ])('asks again after %s', async (_, form) => {
    const browser = new HeadlessBrowser();
    const { page } = await openLogin(browser);
    const response = await submit(browser, page, form);
    expect(response.status).toBe(401);
    expect(await response.text()).toContain(
      '<p role="alert">Unknown user or wrong password.</p>',
    );
  });

  it('takes the right password', async () => {
    const { accessToken } = await world.zone.login('usr_eve', {
      resource: MCP,
    });
    expect(accessToken).toEqual(expect.any(String));
  });

  it('is gone without the cookie of the browser that opened it', async () => {
    const { page } = await openLogin(new HeadlessBrowser());
    const response = await new HeadlessBrowser().request(page);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('role="alert"');
  });

  it('can be cancelled', async () => {
    const browser = new HeadlessBrowser();
    const { page } = await openLogin(browser);
    const response = await submit(browser, page, { action: 'cancel' });
    const end = await browser.walk(
      new URL(response.headers.get('location') ?? '', page),
      { stopAt: 'http://127.0.0.1:5555/' },
    );
    expect(end.url.searchParams.get('error')).toBe('access_denied');
  });
});
