import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithChromium, type OpenWindow } from '../support/chromium.js';
import { CALENDAR, MCP, startWorld, type World } from '../local-zone/world.js';
import {
  contrasts,
  hasVisibleFocus,
  LEGIBLE,
  press,
  tabTo,
} from './page-checks.js';
import { PageServer } from './page-server.js';

const MARKUP = '<img src=x onerror="document.title=1">';

describeWithChromium('the pages of a local zone', (open) => {
  let world: World;
  let site: PageServer;

  beforeAll(async () => {
    world = await startWorld();
    site = await PageServer.start();
  });
  afterAll(async () => {
    expect(world.problems).toEqual([]);
    await site.stop();
    await world.close();
  });

  const authorizationUrl = async (
    redirectUri = `${site.origin}/landing`,
    parameters: Record<string, string> = {},
  ) => {
    const client = await world.api.register({
      client_name: MARKUP,
      redirect_uris: [redirectUri],
      application_type: 'native',
    });
    const url = new URL(world.zone.authorizationEndpoint);
    url.search = new URLSearchParams({
      client_id: String(client['client_id']),
      response_type: 'code',
      redirect_uri: redirectUri,
      resource: MCP,
      scope: 'mcp:tools',
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
      ...parameters,
    }).toString();
    return url.href;
  };
  const openLogin = async (opener: OpenWindow, redirectUri?: string) => {
    const window = await opener();
    await window.page.goto(await authorizationUrl(redirectUri));
    return window;
  };

  describe('by keyboard', () => {
    it('sign a user in and let the user allow', async () => {
      const { page, errors } = await openLogin(open);
      await tabTo(page, 'button', 'Continue as Ada Lovelace');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/interaction/**');
      await page.getByRole('heading', { name: 'Allow' }).waitFor();
      await tabTo(page, 'button', 'Allow');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/landing?code=**');
      expect(errors).toEqual([]);
    });

    it('take a password, and say so when it is wrong', async () => {
      const { page } = await openLogin(open);
      const password = page.getByLabel('Password of Eve');
      await password.focus();
      expect(await hasVisibleFocus(page)).toBe(true);
      await page.keyboard.type('wrong');
      await page.keyboard.press('Enter');
      await page
        .getByRole('alert')
        .filter({ hasText: 'Unknown user or wrong password.' })
        .waitFor();
      await password.focus();
      await page.keyboard.type('correct horse');
      await page.keyboard.press('Enter');
      await page.getByText('Signed in as Eve').waitFor();
    });

    it('offer the expected user first', async () => {
      const { page } = await open();
      const hint = { login_hint: 'usr_bob' };
      await page.goto(await authorizationUrl(undefined, hint));
      await page.locator('button:focus').waitFor();
      await page.keyboard.press('Enter');
      await page.getByText('Signed in as Bob "<b>" O\'Neil').waitFor();
    });

    it('can be left', async () => {
      const { page, errors } = await openLogin(open);
      await tabTo(page, 'button', 'Cancel');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/landing?error=access_denied**');
      expect(errors).toEqual([]);
    });
  });

  it('show the markup in names as text', async () => {
    const { page, errors } = await openLogin(open);
    await page.getByText(`to continue to ${MARKUP}`).waitFor();
    const bob = page.getByRole('button', {
      name: 'Continue as Bob "<b>" O\'Neil',
    });
    expect(await page.locator('img, b').count()).toBe(0);
    await bob.click();
    await page.getByRole('heading', { name: `Allow ${MARKUP}?` }).waitFor();
    expect(await page.locator('img, b').count()).toBe(0);
    expect(await page.title()).toContain(MARKUP);
    expect(errors).toEqual([]);
  });

  // Chrome applies `form-action` to the redirects that follow a form.
  it.each([
    ['localhost', () => site.at('localhost')],
    ['127.0.0.1', () => site.at('127.0.0.1')],
  ])('lead to a callback on %s', async (_host, origin) => {
    const { page, errors } = await openLogin(open, `${origin()}/landing`);
    await press(page, 'Continue as Ada Lovelace');
    await press(page, 'Allow');
    await page.waitForURL(`${origin()}/landing?code=**`);
    expect(errors).toEqual([]);
  });

  it('lead to a callback on [::1]', async ({ skip }) => {
    const ipv6 = await PageServer.start('::1').catch(() => undefined);
    if (!ipv6) {
      skip('This machine has no IPv6.');
      return;
    }
    const callback = `${ipv6.at('[::1]')}/landing`;
    const { page, errors } = await openLogin(open, callback);
    await press(page, 'Continue as Ada Lovelace');
    await press(page, 'Allow');
    await page.waitForURL((url) => url.href.startsWith(`${callback}?code=`));
    expect(errors).toEqual([]);
    await ipv6.stop();
  });

  it('lead to a callback that sends the browser on', async () => {
    const { page, errors } = await openLogin(open, `${site.origin}/hop`);
    await press(page, 'Continue as Ada Lovelace');
    await press(page, 'Allow');
    await page.waitForURL(`${site.origin}/landed`);
    expect(errors).toEqual([]);
  });

  it('lead to an application that is not a web page', async () => {
    const callback = 'com.example.desktop://callback';
    const { page, errors } = await openLogin(open, callback);
    await press(page, 'Continue as Ada Lovelace');
    // There is none here: that the browser tried to call it is enough.
    const call = page.waitForRequest((sent) => sent.url().startsWith(callback));
    await press(page, 'Allow');
    expect((await call).url()).toContain('?code=');
    expect(errors).toEqual([]);
  });

  it.each([
    ['light', 'rgb(244, 245, 247)'],
    ['dark', 'rgb(16, 19, 23)'],
  ] as const)('are legible when it is %s', async (colorScheme, background) => {
    const { page } = await open({ colorScheme });
    const checked: string[] = [];
    const check = async (heading: string | RegExp) => {
      const title = page.getByRole('heading', { name: heading });
      checked.push(await title.innerText());
      const body = page.locator('body');
      const color = await body.evaluate(
        (element) =>
          (globalThis as any).getComputedStyle(element).backgroundColor,
      );
      expect(color).toBe(background);
      const texts = await contrasts(page);
      expect(texts.length).toBeGreaterThan(1);
      expect(texts.filter(({ ratio }) => ratio < LEGIBLE)).toEqual([]);
    };
    await page.goto(await authorizationUrl());
    await check('Sign in');
    await page.getByLabel('Password of Eve').fill('wrong');
    await press(page, 'Continue as Eve');
    await page.getByRole('alert').waitFor();
    await check('Sign in');
    await press(page, 'Continue as Ada Lovelace');
    await check(/^Allow <img/);
    await page.goto(
      world.zone.connectUrl({
        application: 'app_assistant',
        resource: CALENDAR,
        user: 'usr_bob',
        returnTo: `${site.origin}/back`,
      }),
    );
    await check('Allow Assistant?');
    await press(page, 'Cancel');
    await check('Access was not granted');
    await page.goto(`${world.zone.issuer}/connect?application=nobody`);
    await check('Nothing to connect');
    await page.goto(`${world.zone.issuer}/interaction/unknown`);
    await check('This sign-in expired');
    await page.goto(await authorizationUrl(undefined, { client_id: 'gone' }));
    await check('Request refused');
    expect(checked).toHaveLength(8);
  });

  it('have an icon, so that the browser looks for none', async () => {
    const { page, errors } = await openLogin(open);
    const href = await page.locator('link[rel=icon]').getAttribute('href');
    const isDrawn = await page.evaluate(async (source) => {
      const image = new (globalThis as any).Image();
      image.src = source;
      await image.decode();
      return image.naturalWidth > 0;
    }, href);
    expect(isDrawn).toBe(true);
    expect(errors).toEqual([]);
  });

  it('say what to do when the zone forgot the application', async () => {
    const { page } = await open();
    const url = await authorizationUrl(undefined, { client_id: 'gone' });
    const answer = await page.goto(url);
    expect(answer!.status()).toBe(400);
    await page
      .getByRole('alert')
      .filter({ hasText: 'invalid_client' })
      .waitFor();
    await page.getByText('connect again').waitFor();
  });

  it('run no script, even if one got into them', async () => {
    const { page, errors } = await openLogin(open);
    await page.evaluate(() => {
      const { document } = globalThis as any;
      const script = document.createElement('script');
      script.textContent = 'document.title = "taken over"';
      document.body.append(script);
    });
    expect(await page.title()).not.toBe('taken over');
    expect(errors).toEqual([
      expect.stringContaining('Content Security Policy'),
    ]);
  });

  it('are not shown in the frame of another page', async () => {
    const { page, errors } = await open();
    await page.goto(`${site.origin}/empty`);
    await page.setContent('<iframe></iframe>');
    const url = await authorizationUrl();
    await page.locator('iframe').evaluate((frame, source) => {
      (frame as any).src = source;
    }, url);
    await expect.poll(() => errors.join('\n')).toContain('frame-ancestors');
    const frame = page.frameLocator('iframe');
    expect(await frame.getByRole('button').count()).toBe(0);
  });
});
