import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { describeWithChromium } from '../support/chromium.js';
import {
  CALENDAR,
  startConsentWorld,
  type ConsentWorld,
} from '../support/consent.fixture.js';
import { bearer, post, toolCall } from '../support/post.js';
import { press } from './page-checks.js';

const [, createExpress] = ADAPTERS[0]!;

describeWithChromium('consent in a browser', (open) => {
  let world: ConsentWorld;

  beforeAll(async () => {
    world = await startConsentWorld(createExpress);
  });
  beforeEach(() => {
    const grant = { application: 'assistant', resource: CALENDAR };
    world.zone.revokeGrant({ ...grant, user: 'usr_ada' });
  });
  afterAll(() => world.stop());

  /** Calls the tool; answers its result. */
  async function callEvents(user: string) {
    const { accessToken } = await world.zone.login(user);
    const answer = await post(
      world.mcpUrl,
      toolCall('events'),
      bearer(accessToken),
    );
    return answer.json.result;
  }

  it('call, link, login and consent, and the same call succeeds', async () => {
    const refused = await callEvents('usr_ada');
    const url = refused.structuredContent.resources[0].authorization_url;
    const { page, errors } = await open();
    await page.goto(url);
    await press(page, 'Continue as Ada Lovelace');
    await press(page, 'Allow');
    await page.getByRole('heading', { name: 'Access granted' }).waitFor();
    const result = await callEvents('usr_ada');
    expect(result.structuredContent).toEqual({
      status: 'success',
      granted: [CALENDAR],
    });
    expect(errors).toEqual([]);
  });

  it('refuses another user who opens the link', async () => {
    const refused = await callEvents('usr_ada');
    const url = refused.structuredContent.resources[0].authorization_url;
    const { page } = await open();
    await page.goto(url);
    await press(page, 'Continue as Bob Kahn');
    await page
      .getByRole('alert')
      .filter({ hasText: 'made for another user' })
      .waitFor();
    expect(await page.getByRole('button', { name: 'Allow' }).count()).toBe(0);
    const still = await callEvents('usr_ada');
    expect(still.isError).toBe(true);
  });
});
