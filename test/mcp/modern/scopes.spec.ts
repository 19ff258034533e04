import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../support/adapters.js';
import { eventsOf } from './support/modern-messages.js';
import { record } from './support/modern-tools.js';
import { ModernWorld } from './support/modern-world.js';

describe.each(ADAPTERS)('scopes in the modern era on %s', (_name, adapter) => {
  let world: ModernWorld;
  beforeAll(async () => {
    world = await ModernWorld.start(adapter());
  });
  afterAll(() => world.stop());
  beforeEach(() => record.reset());

  it('are asked for before the tool runs', async () => {
    const { status, headers, json } = await world.call('purge');
    expect(status).toBe(403);
    expect(headers.get('www-authenticate')).toMatch(
      /error="insufficient_scope".*scope="mcp:tools admin"/,
    );
    expect(json.error).toBe('insufficient_scope');
    expect(record.runs).toEqual([]);
  });

  it('let those in who have them', async () => {
    const { json } = await world.call('purge', {}, { user: 'root' });
    expect(json.result.content).toEqual([{ type: 'text', text: 'purged' }]);
  });

  it('are asked for by HTTP while the tool has sent nothing', async () => {
    const { status, headers } = await world.call('dig', { deep: true });
    expect(status).toBe(403);
    expect(headers.get('www-authenticate')).toContain(
      'scope="mcp:tools admin"',
    );
    const shallow = await world.call('dig', { deep: false });
    expect(shallow.json.result.content[0].text).toBe('dug');
  });

  it.each([
    ['awaited', 'awaited'],
    ['under way', 'loose'],
  ])('are asked for in the result once it has: %s', async (_what, early) => {
    const meta = { progressToken: 1 };
    const input = { deep: true, early };
    const { status, text } = await world.call('dig', input, { meta });
    expect(status).toBe(200);
    expect(eventsOf(text).at(-1)).toMatchObject({
      id: 1,
      result: { isError: true, resultType: 'complete' },
    });
  });

  it('leave no call behind that is told to stop', async () => {
    await world.call('dig', { deep: true });
    expect(world.logger.text).not.toMatch(/^error /m);
  });
});
