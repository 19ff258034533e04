import { KeycardHealthIndicator } from 'nestjs-keycard';
import { expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { startAssistantWorld } from '../support/assistant.fixture.js';
import { bearer, post, toolCall } from '../support/post.js';

it('the health indicator of the module looks at zone, keys and exchanges', async () => {
  const [, createAdapter] = ADAPTERS[0]!;
  const world = await startAssistantWorld(createAdapter);
  const indicator = world.application.get(KeycardHealthIndicator);
  const { accessToken } = await world.zone.login('usr_ada');
  await post(world.mcpUrl, toolCall('list_events'), bearer(accessToken));
  const healthy = await indicator.check('keycard');
  expect(healthy['keycard']).toMatchObject({
    status: 'up',
    discovery: { status: 'up', loaded: true, ageSeconds: expect.any(Number) },
    keys: { status: 'up', loaded: true },
  });
  expect(JSON.stringify(healthy)).not.toContain(accessToken);
  await world.stop();

  const lonely = await startAssistantWorld(createAdapter);
  lonely.zone.script('discovery', { status: 500, times: 5 });
  const down = await lonely.application
    .get(KeycardHealthIndicator)
    .check('keycard');
  expect(down['keycard']).toMatchObject({
    status: 'down',
    discovery: { status: 'down' },
  });
  await lonely.stop();
});
