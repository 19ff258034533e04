import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { UserGrant } from 'nestjs-keycard/local-zone';
import { describeWithChromium } from '../support/chromium.js';
import { CALENDAR, MCP, startWorld, type World } from '../local-zone/world.js';
import { press } from './page-checks.js';
import { PageServer } from './page-server.js';

const GRANT = { application: 'app_assistant', resource: CALENDAR };

describeWithChromium('a connect link in a browser', (open) => {
  let world: World;
  let site: PageServer;
  const granted: UserGrant[] = [];

  beforeAll(async () => {
    world = await startWorld();
    world.zone.on('granted', (grant) => granted.push(grant));
    site = await PageServer.start();
  });
  afterAll(async () => {
    expect(world.problems).toEqual([]);
    await site.stop();
    await world.close();
  });
  beforeEach(() => {
    granted.length = 0;
    world.zone.revokeGrant({ ...GRANT, user: 'usr_ada' });
    world.zone.revokeGrant({ ...GRANT, user: 'usr_bob' });
  });

  const linkFor = (user?: string) =>
    world.zone.connectUrl({
      ...GRANT,
      ...(user !== undefined && { user }),
      returnTo: `${site.origin}/back`,
    });
  /** What the application gets for the user: scopes, or an error. */
  const exchangeFor = async (user: string) => {
    const login = await world.zone.login(user, { resource: MCP });
    const resource = { resource: CALENDAR };
    const { body } = await world.api.exchange(login.accessToken, resource);
    return body['error'] ?? body['scope'];
  };

  it('lets the user allow the application to act', async () => {
    expect(await exchangeFor('usr_ada')).toBe('insufficient_authorization');
    const { page, errors } = await open();
    await page.goto(linkFor('usr_ada'));
    await press(page, 'Continue as Ada Lovelace');
    await page.getByText('Calendar <API>').waitFor();
    await page.getByText('events:write').waitFor();
    await press(page, 'Allow');
    await page.getByRole('heading', { name: 'Access granted' }).waitFor();
    expect(granted).toEqual([
      {
        ...GRANT,
        user: 'usr_ada',
        scopes: ['events:read', 'events:write'],
      },
    ]);
    expect(await exchangeFor('usr_ada')).toBe('events:read events:write');
    await page.getByRole('link', { name: 'Return' }).click();
    await page.waitForURL(`${site.origin}/back`);
    expect(errors).toEqual([]);
  });

  it('grants nothing to anybody when another user signs in', async () => {
    const { page, errors } = await open();
    await page.goto(linkFor('usr_ada'));
    await press(page, 'Continue as Bob');
    await page
      .getByRole('alert')
      .filter({ hasText: 'made for another user' })
      .waitFor();
    expect(await page.getByRole('button', { name: 'Allow' }).count()).toBe(0);
    // Nor when the page is made to send what its button would have sent.
    await page.locator('button').evaluate((button) => {
      (button as unknown as { value: string }).value = 'allow';
    });
    await press(page, 'Cancel');
    await page
      .getByRole('heading', { name: 'Access was not granted' })
      .waitFor();
    expect(granted).toEqual([]);
    expect(await exchangeFor('usr_ada')).toBe('insufficient_authorization');
    expect(await exchangeFor('usr_bob')).toBe('insufficient_authorization');
    expect(errors).toEqual([]);
  });

  it('grants nothing when the user says no', async () => {
    const { page, errors } = await open();
    await page.goto(linkFor('usr_ada'));
    await press(page, 'Continue as Ada Lovelace');
    await page.getByRole('heading', { name: 'Allow Assistant?' }).waitFor();
    await press(page, 'Cancel');
    await page
      .getByRole('heading', { name: 'Access was not granted' })
      .waitFor();
    await page.getByText('Nothing was changed.').waitFor();
    expect(granted).toEqual([]);
    expect(await exchangeFor('usr_ada')).toBe('insufficient_authorization');
    expect(errors).toEqual([]);
  });

  it('asks again, but not who it is, once the user is signed in', async () => {
    const { page } = await open();
    await page.goto(linkFor());
    await press(page, 'Continue as Bob');
    await press(page, 'Cancel');
    await page
      .getByRole('heading', { name: 'Access was not granted' })
      .waitFor();
    await page.goto(linkFor());
    await page.getByText('Signed in as Bob').waitFor();
    await press(page, 'Allow');
    await page.getByRole('heading', { name: 'Access granted' }).waitFor();
    expect(granted.map(({ user }) => user)).toEqual(['usr_bob']);
  });

  it('leads nowhere when nothing can be connected', async () => {
    const { page } = await open();
    const url = `${world.zone.issuer}/connect?application=app_other&resource=${encodeURIComponent(CALENDAR)}`;
    const answer = await page.goto(url);
    expect(answer!.status()).toBe(400);
    await page.getByRole('heading', { name: 'Nothing to connect' }).waitFor();
    expect(await page.getByRole('button').count()).toBe(0);
  });
});
