import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { ADAPTERS } from '../support/adapters.js';
import {
  startAssistantWorld,
  type AssistantWorld,
} from '../support/assistant.fixture.js';
import { describeWithChromium } from '../support/chromium.js';
import { press } from './page-checks.js';
import { PageServer } from './page-server.js';
import { watchTraffic, type SeenRequest } from './traffic.js';

async function readSteps(page: Page): Promise<Record<string, unknown>[]> {
  const texts = await page.locator('#steps > li').allTextContents();
  return texts.map((text) => JSON.parse(text) as Record<string, unknown>);
}

function outcomeOf(page: Page): Promise<string | null> {
  return page.locator('#outcome[data-done]').textContent();
}

describeWithChromium('an MCP client in a web page', (open) => {
  describe.each(ADAPTERS)('on %s', (_name, createAdapter) => {
    let world: AssistantWorld;
    let site: PageServer;
    let traffic: SeenRequest[];

    beforeAll(async () => {
      world = await startAssistantWorld(createAdapter);
      site = await PageServer.start();
      traffic = watchTraffic(world.application);
    });
    afterAll(async () => {
      await site.stop();
      await world.stop();
    });
    beforeEach(() => {
      traffic.length = 0;
      world.received.length = 0;
    });

    const connect = async (page: Page) => {
      const server = encodeURIComponent(world.mcpUrl);
      await page.goto(`${site.origin}/?server=${server}`);
      await press(page, 'Connect');
    };

    it('is refused, discovers, registers, logs in and calls a tool', async () => {
      const { page, errors } = await open();
      await connect(page);
      await press(page, 'Continue as Ada');
      await press(page, 'Allow');

      expect(await outcomeOf(page)).toBe('{"events":[{"title":"of usr_ada"}]}');
      await page.getByText('"step":"ended"').waitFor();
      expect(await readSteps(page)).toEqual([
        {
          step: 'refused',
          status: 401,
          challenge: expect.stringContaining('Bearer ') as string,
          message: expect.anything() as unknown,
        },
        {
          step: 'resource',
          resource: expect.objectContaining({
            resource: world.mcpUrl,
            authorization_servers: [world.zone.issuer],
          }) as unknown,
        },
        { step: 'zone', issuer: world.zone.issuer },
        {
          step: 'registered',
          status: 201,
          clientId: expect.any(String) as string,
        },
        {
          step: 'returned',
          stateMatches: true,
          issuer: world.zone.issuer,
          error: null,
        },
        { step: 'token', status: 200, type: 'Bearer' },
        {
          step: 'initialized',
          status: 200,
          hasSession: true,
          name: expect.any(String) as string,
        },
        { step: 'notified', status: 202 },
        {
          step: 'listed',
          tools: expect.arrayContaining(['list_events', 'whoami']) as unknown,
        },
        { step: 'called', status: 200 },
        { step: 'ended', deleted: 200, afterwards: 404 },
      ]);
      // The two refusals the page asked for, and nothing else.
      expect(errors).toEqual([
        expect.stringContaining('status of 401'),
        expect.stringContaining('status of 404'),
      ]);
      expect(world.received.map(({ principal }) => principal.subject)).toEqual([
        'usr_ada',
      ]);
    });

    it('sends real preflights for its headers and methods', async () => {
      const { page } = await open();
      await connect(page);
      await press(page, 'Continue as Bob');
      await press(page, 'Allow');
      await page.getByText('"step":"ended"').waitFor();

      const posts = traffic.filter(
        ({ path, askedMethod }) => path === '/mcp' && askedMethod === 'POST',
      );
      const asked = new Set(posts.flatMap((preflight) => preflight.asked));
      expect([...asked]).toEqual(
        expect.arrayContaining([
          'authorization',
          'content-type',
          'last-event-id',
          'mcp-method',
          'mcp-name',
          'mcp-param-x',
          'mcp-protocol-version',
          'mcp-session-id',
        ]),
      );
      expect(new Set(posts.map(({ status }) => status))).toEqual(
        new Set([204]),
      );
      // No page may send a DELETE that no preflight allowed, so this one was
      // allowed by the remembered answers.
      expect(traffic).toContainEqual(
        expect.objectContaining({
          method: 'DELETE',
          path: '/mcp',
          status: 200,
        }),
      );
      const documents = traffic.filter(({ path }) =>
        path.startsWith('/.well-known/'),
      );
      expect(documents.map(({ method }) => method)).toEqual(['OPTIONS', 'GET']);
      expect(new Set(traffic.map(({ origin }) => origin))).toEqual(
        new Set([site.origin]),
      );
    });

    it.each([['login'], ['consent']])(
      'is told when the user cancels at the %s',
      async (step) => {
        const { page, errors } = await open();
        await connect(page);
        if (step === 'consent') {
          await press(page, 'Continue as Ada');
          await page.getByRole('heading', { name: 'Allow' }).waitFor();
        }
        await press(page, 'Cancel');
        expect(await outcomeOf(page)).toBe('access_denied');
        expect(await readSteps(page)).toContainEqual({
          step: 'returned',
          stateMatches: true,
          issuer: world.zone.issuer,
          error: 'access_denied',
        });
        expect(errors).toEqual([expect.stringContaining('status of 401')]);
      },
    );
  });
});
