import { createServer, type Server } from 'node:http';
import { decodeJwt } from 'jose';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findFreePort } from '../support/free-port.js';
import { callTool, connectWithToken } from '../support/mcp-client.js';

const SAMPLE = '../../sample/02-delegated-access/src';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** The sample reads its settings when it is loaded. */
async function setPorts(): Promise<Record<string, number>> {
  vi.resetModules();
  const ports: Record<string, number> = {};
  for (const name of ['PORT', 'ZONE_PORT', 'API_PORT']) {
    ports[name] = await findFreePort();
    vi.stubEnv(name, String(ports[name]));
  }
  return ports;
}

describe('sample 02', () => {
  it('plays its demo to a happy end', async () => {
    await setPorts();
    const lines: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line) => lines.push(line));
    const { Narrator } = await import(`${SAMPLE}/demo/narrator.js`);
    const { playDemo } = await import(`${SAMPLE}/demo/demo.js`);
    const narrator = new Narrator();
    await playDemo(narrator);
    expect(lines.filter((line) => line.includes('NOT OK'))).toEqual([]);
    expect(narrator.summary).toMatch(/^\d{2} checks, all as they should be$/);
    // Claims are told, tokens are not.
    expect(lines.join('\n')).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+/);
  }, 60_000);

  it('uses a zone and APIs of your own', async () => {
    const { PORT, API_PORT } = await setPorts();
    const mcpUrl = `http://127.0.0.1:${PORT}/mcp`;
    const seen: string[] = [];
    const api = await startApi(seen);
    const calendar = `http://127.0.0.1:${api.port}/my-calendar`;
    const mail = `http://127.0.0.1:${api.port}/my-mail`;
    const zone = await LocalZone.create()
      .user({ id: 'usr_eve' })
      .application('mine', {
        clients: [{ clientId: 'own-client', clientSecret: 'own-secret' }],
        dependsOn: [calendar, mail],
      })
      .resource(mcpUrl, { ownedBy: 'mine', scopes: ['calendar:write'] })
      .resource(calendar, { scopes: ['x'] })
      .resource(mail, { scopes: ['y'] })
      .start();
    vi.stubEnv('KEYCARD_ZONE_URL', zone.issuer);
    vi.stubEnv('KEYCARD_CLIENT_ID', 'own-client');
    vi.stubEnv('KEYCARD_CLIENT_SECRET', 'own-secret');
    vi.stubEnv('MCP_SERVER_URL', mcpUrl);
    vi.stubEnv('CALENDAR_API_URL', calendar);
    vi.stubEnv('MAIL_API_URL', mail);
    const { startSystem } = await import(`${SAMPLE}/system.js`);
    const system = await startSystem();
    const { accessToken } = await zone.login('usr_eve');
    const client = await connectWithToken(mcpUrl, accessToken);
    const result = await callTool(client, 'list_events', { max: 2 });
    const brief = await callTool(client, 'daily_brief', {});
    await client.close();

    expect(brief.structuredContent).toEqual({
      events: [],
      messages: [],
      failed: [],
    });
    expect(system.zone).toBeUndefined();
    expect(system.journal).toBeUndefined();
    await expect(fetch(`http://127.0.0.1:${API_PORT}/`)).rejects.toThrow();
    expect(result.structuredContent).toEqual({ events: [] });
    const [path, authorization] = seen[0]!.split(' Bearer ');
    expect(path).toBe('/my-calendar/events?max=2');
    expect(decodeJwt(authorization!)).toMatchObject({
      aud: calendar,
      sub: 'usr_eve',
    });
    expect(authorization).not.toBe(accessToken);
    await system.stop();
    await zone.stop();
    await new Promise((resolve) => api.server.close(resolve));
  }, 60_000);
});

async function startApi(
  seen: string[],
): Promise<{ server: Server; port: number }> {
  const port = await findFreePort();
  const server = createServer((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization}`);
    response.setHeader('content-type', 'application/json');
    response.setHeader('connection', 'close');
    const isCalendar = request.url?.startsWith('/my-calendar/');
    response.end(isCalendar ? '{"events":[]}' : '[]');
  });
  await new Promise<void>((resolve) =>
    server.listen(port, '127.0.0.1', resolve),
  );
  return { server, port };
}
