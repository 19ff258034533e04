import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { McpServers } from 'nestjs-keycard';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { McpServerRegistry } from '../../../lib/mcp/server/mcp-server.registry.js';
import { ToolWorld } from '../invocation/tool-world.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const MANY = 10_000;

describe('ten thousand tools that come and go', () => {
  let world: ToolWorld;
  beforeAll(async () => {
    world = await ToolWorld.start();
  });
  afterAll(() => world.stop());

  it('leave nothing behind', async () => {
    const served = await world.serve({ options: { mcp: {} } });
    const server = served.application.get(McpServers).get();
    const { catalog } = served.application.get(McpServerRegistry).all[0]!;
    const handlers: WeakRef<object>[] = [];
    const input = z.object({ n: z.number() });
    const cycle = async (n: number) => {
      const handler = () => n;
      handlers.push(new WeakRef(handler));
      const registration = await server.addTool({
        name: `tool_${n}`,
        description: 'One of many',
        scopes: n % 100 === 0 ? [] : `scope:${n}`,
        input,
        handler,
      });
      if (n % 100 === 0) {
        // Whatever is remembered of calls and lists is remembered by now.
        expect(await served.text(`tool_${n}`, { n })).toBe(String(n));
        expect(await served.names()).toContain(`tool_${n}`);
      }
      return registration;
    };
    for (let n = 0; n < MANY; n += 500) {
      const some = [];
      for (let m = n; m < n + 500; m++) some.push(await cycle(m));
      for (const registration of some) registration.remove();
    }
    expect(catalog.tools.size).toBe(0);
    expect(await served.names()).toEqual([]);
    await vi.waitFor(
      () => {
        collect();
        const left = handlers.filter((ref) => ref.deref() !== undefined);
        expect(left.length).toBeLessThan(10);
      },
      { timeout: 15_000 },
    );
  }, 120_000);
});
