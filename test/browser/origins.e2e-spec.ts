import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Frame, Page } from 'playwright-core';
import { ADAPTERS } from '../support/adapters.js';
import {
  startAssistantWorld,
  type AssistantWorld,
} from '../support/assistant.fixture.js';
import { describeWithChromium, type OpenWindow } from '../support/chromium.js';
import { PageServer } from './page-server.js';
import { watchTraffic, type SeenRequest } from './traffic.js';

/** Every way a page has to ask an MCP server something. */
const ATTEMPTS = [
  'post-json',
  'post-text',
  'get-with-token',
  'delete-session',
  'no-cors',
] as const;

/** What a page learnt: the status it could read, or only that it failed. */
type Outcome = number | 'opaque' | 'failed';

function attempt(
  place: Page | Frame,
  name: (typeof ATTEMPTS)[number],
  url: string,
  token: string,
): Promise<Outcome> {
  const authorization = `Bearer ${token}`;
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  const json = { 'content-type': 'application/json' };
  const requests: Record<(typeof ATTEMPTS)[number], RequestInit> = {
    'post-json': {
      method: 'POST',
      headers: {
        ...json,
        authorization,
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2025-11-25',
      },
      body,
    },
    // Needs no preflight, so only the answer itself protects the server.
    'post-text': { method: 'POST', body },
    'get-with-token': { headers: { authorization } },
    'delete-session': {
      method: 'DELETE',
      headers: { authorization, 'mcp-session-id': 'x' },
    },
    'no-cors': { method: 'POST', body, mode: 'no-cors' },
  };
  return place.evaluate(
    async ([target, init]): Promise<Outcome> => {
      try {
        const response = await fetch(target, init);
        return response.type === 'opaque' ? 'opaque' : response.status;
      } catch {
        return 'failed';
      }
    },
    [url, requests[name]] as const,
  );
}

async function attemptAll(place: Page | Frame, url: string, token: string) {
  const outcomes: Partial<Record<string, Outcome>> = {};
  for (const name of ATTEMPTS) {
    outcomes[name] = await attempt(place, name, url, token);
  }
  return outcomes;
}

const NOTHING = {
  'post-json': 'failed',
  'post-text': 'failed',
  'get-with-token': 'failed',
  'delete-session': 'failed',
  'no-cors': 'opaque',
};

/** A frame whose origin is `null`. */
async function openSandbox(page: Page): Promise<Frame> {
  await page.setContent(
    '<iframe sandbox="allow-scripts" srcdoc="<h1>Sandbox</h1>"></iframe>',
  );
  await page.frameLocator('iframe').getByRole('heading').waitFor();
  return page.frames().at(-1)!;
}

async function openPage(open: OpenWindow, url: string): Promise<Page> {
  const { page } = await open();
  await page.goto(url);
  return page;
}

describeWithChromium('a page of an origin that is not allowed', (open) => {
  describe.each(ADAPTERS)('on %s', (_name, createAdapter) => {
    let allowed: PageServer;
    let stranger: PageServer;
    let world: AssistantWorld;
    let local: AssistantWorld;
    let token: string;
    let localToken: string;
    let traffic: SeenRequest[];
    let localTraffic: SeenRequest[];

    beforeAll(async () => {
      [allowed, stranger] = [
        await PageServer.start(),
        await PageServer.start(),
      ];
      world = await startAssistantWorld(createAdapter, {
        mcp: { allowedOrigins: [allowed.origin] },
      });
      local = await startAssistantWorld(createAdapter);
      token = (await world.zone.login('usr_ada')).accessToken;
      localToken = (await local.zone.login('usr_ada')).accessToken;
      traffic = watchTraffic(world.application);
      localTraffic = watchTraffic(local.application);
    });
    afterAll(async () => {
      await world.stop();
      await local.stop();
      await allowed.stop();
      await stranger.stop();
    });
    beforeEach(() => {
      traffic.length = 0;
      localTraffic.length = 0;
    });

    it('reads while another origin is the one allowed', async () => {
      const page = await openPage(open, `${allowed.origin}/page`);
      expect(await attempt(page, 'post-json', world.mcpUrl, token)).toBe(200);
    });

    it('reads nothing, and is refused', async () => {
      const page = await openPage(open, `${stranger.origin}/page`);
      expect(await attemptAll(page, world.mcpUrl, token)).toEqual(NOTHING);
      expect(statusesOf(traffic)).toEqual([
        'OPTIONS 403',
        'POST 403',
        'OPTIONS 403',
        'OPTIONS 403',
        'POST 403',
      ]);
    });

    it('is refused under the other name of an allowed host', async () => {
      const page = await openPage(open, `${allowed.at('127.0.0.1')}/page`);
      expect(await attemptAll(page, world.mcpUrl, token)).toEqual(NOTHING);
      expect(new Set(traffic.map(({ status }) => status))).toEqual(
        new Set([403]),
      );
    });

    it.each([
      ['an explicit list', () => ({ world, token, traffic })],
      [
        'the defaults',
        () => ({ world: local, token: localToken, traffic: localTraffic }),
      ],
    ])('is refused in a sandbox, with %s', async (_case, target) => {
      const asked = target();
      const page = await openPage(open, `${allowed.origin}/page`);
      const frame = await openSandbox(page);
      expect(await attemptAll(frame, asked.world.mcpUrl, asked.token)).toEqual(
        NOTHING,
      );
      expect(new Set(asked.traffic.map(({ origin }) => origin))).toEqual(
        new Set(['null']),
      );
      expect(new Set(asked.traffic.map(({ status }) => status))).toEqual(
        new Set([403]),
      );
    });

    it('is refused by the defaults when it is not of this machine', async () => {
      const page = await openPage(open, `${stranger.at('evil.test')}/page`);
      expect(await attemptAll(page, local.mcpUrl, localToken)).toEqual(NOTHING);
      expect(new Set(localTraffic.map(({ status }) => status))).toEqual(
        new Set([403]),
      );
    });

    it('is refused on a name that was rebound to the server', async () => {
      const { port } = new URL(local.mcpUrl);
      const rebound = `http://rebound.test:${port}`;
      const page = await openPage(open, `${rebound}/nothing`);
      localTraffic.length = 0;
      // Now of the same origin: the page may read, so there must be nothing.
      expect(await attemptAll(page, `${rebound}/mcp`, localToken)).toEqual({
        'post-json': 403,
        'post-text': 403,
        'get-with-token': 403,
        'delete-session': 403,
        'no-cors': 403,
      });
    });

    it('still finds out where to sign in: the metadata is public', async () => {
      const page = await openPage(open, `${stranger.origin}/page`);
      const resource = await page.evaluate(async (url) => {
        const response = await fetch(url, {
          headers: { 'mcp-protocol-version': '2025-11-25' },
        });
        const document = (await response.json()) as { resource: string };
        return document.resource;
      }, `${world.origin}/.well-known/oauth-protected-resource/mcp`);
      expect(resource).toBe(world.mcpUrl);
    });
  });
});

function statusesOf(traffic: readonly SeenRequest[]): string[] {
  return traffic.map(({ method, status }) => `${method} ${status}`);
}
