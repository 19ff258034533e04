import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterEach, expect, it, vi } from 'vitest';
import { boot } from '../support/boot.js';
import { findFreePort } from '../support/free-port.js';
import { callTool, connectWithToken, textOf } from '../support/mcp-client.js';

afterEach(() => vi.unstubAllEnvs());

it('sample 01 greets whoever signed in', async () => {
  const port = await findFreePort();
  const mcpUrl = `http://localhost:${port}/mcp`;
  const zone = await LocalZone.create()
    .user({ id: 'usr_ada' })
    .application('hello')
    .resource(mcpUrl, { ownedBy: 'hello' })
    .start();
  vi.stubEnv('KEYCARD_ZONE_URL', zone.issuer);
  vi.stubEnv('MCP_SERVER_URL', mcpUrl);
  const { AppModule } =
    await import('../../sample/01-hello-world/src/app.module.js');
  const application = await boot(AppModule, { port });
  const { accessToken } = await zone.login('usr_ada');
  const client = await connectWithToken(mcpUrl, accessToken);
  const greeting = await callTool(client, 'hello', { name: 'Grace' });
  const refused = await callTool(client, 'hello', { name: '' });
  await client.close();
  await application.close();
  await zone.stop();
  expect(textOf(greeting)).toBe('Hello Grace, says usr_ada.');
  expect(refused.isError).toBe(true);
  expect(textOf(refused)).toContain('name');
});
