import type { INestApplication } from '@nestjs/common';
import type { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { boot } from '../support/boot.js';
import { findFreePort } from '../support/free-port.js';
import { callTool, connectWithToken, textOf } from '../support/mcp-client.js';

let zone: LocalZone;
let application: INestApplication;
let mcpUrl: string;

beforeAll(async () => {
  const port = await findFreePort();
  vi.stubEnv('PORT', String(port));
  vi.stubEnv('ZONE_PORT', String(await findFreePort()));
  vi.resetModules();
  const { startZone } = await import('../../sample/03-own-server/src/zone.js');
  const { AppModule } =
    await import('../../sample/03-own-server/src/app.module.js');
  zone = await startZone();
  application = await boot(AppModule.register(zone.issuer), { port });
  mcpUrl = `http://localhost:${port}/mcp`;
});
afterAll(async () => {
  await application.close();
  await zone.stop();
  vi.unstubAllEnvs();
});

const connect = async (scope: string) =>
  connectWithToken(
    mcpUrl,
    (await zone.login('usr_ada', { resource: mcpUrl, scope })).accessToken,
  );

it('sample 03 reads and writes notes as the user', async () => {
  const client = await connect('notes:read notes:write');
  expect(textOf(await callTool(client, 'whoami'))).toBe('usr_ada');
  await callTool(client, 'add_note', { text: 'Buy milk' });
  expect(textOf(await callTool(client, 'list_notes'))).toBe(
    '{"notes":["Welcome, usr_ada","Buy milk"]}',
  );
  await client.close();
});

it('sample 03 asks for the scope before it writes', async () => {
  const client = await connect('notes:read');
  await expect(callTool(client, 'add_note', { text: 'x' })).rejects.toThrow(
    'insufficient_scope',
  );
  expect(textOf(await callTool(client, 'list_notes'))).not.toContain('"x"');
  await client.close();
});
