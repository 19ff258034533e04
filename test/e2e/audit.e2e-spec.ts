import type { AuditEvent } from 'nestjs-keycard';
import { AuditStream } from 'nestjs-keycard';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import {
  CLIENT,
  startAssistantWorld,
  type AssistantWorld,
} from '../support/assistant.fixture.js';
import { bearer, post, toolCall } from '../support/post.js';

describe.each(ADAPTERS)('audit events on %s', (_name, createAdapter) => {
  let world: AssistantWorld;
  let token: string;
  const events: AuditEvent[] = [];

  beforeAll(async () => {
    world = await startAssistantWorld(createAdapter, { audit: { log: true } });
    token = (await world.zone.login('usr_bob')).accessToken;
    world.application
      .get(AuditStream)
      .subscribe((event) => void events.push(event));
  });
  beforeEach(() => {
    events.length = 0;
  });
  afterAll(() => world.stop());

  const told = () => events.map(({ type, outcome }) => `${type} ${outcome}`);

  it('tell a call with its exchanges, granted and refused', async () => {
    await post(world.mcpUrl, toolCall('daily_brief'), bearer(token));
    expect(told().sort()).toEqual([
      'authentication accepted',
      'exchange granted',
      'exchange refused',
      'exchange_cache miss',
      'exchange_cache miss',
      'scope_decision allowed',
      'tool_call succeeded',
    ]);
    const refused = events.find(
      ({ type, outcome }) => type === 'exchange' && outcome === 'refused',
    );
    expect(refused).toMatchObject({
      subject: 'usr_bob',
      issuer: world.zone.issuer,
      resource: world.mail,
      mode: 'on_behalf',
      code: 'insufficient_authorization',
      attempts: 1,
    });
  });

  it('tell a hit of the cache, without an exchange', async () => {
    await post(world.mcpUrl, toolCall('list_events'), bearer(token));
    events.length = 0;
    await post(world.mcpUrl, toolCall('list_events'), bearer(token));
    expect(told()).toContain('exchange_cache hit');
    expect(told()).not.toContain('exchange granted');
  });

  it('tell why a caller was refused', async () => {
    const expired = await world.zone.mint({
      aud: world.mcpUrl,
      sub: 'usr_bob',
      client_id: 'test',
      exp: 1,
    });
    await post(world.mcpUrl, toolCall('whoami'), bearer(expired));
    await post(world.mcpUrl, toolCall('whoami'));
    expect(events).toEqual([
      expect.objectContaining({
        type: 'authentication',
        outcome: 'refused',
        code: 'expired',
        status: 401,
        resource: world.mcpUrl,
      }),
      expect.objectContaining({ outcome: 'refused', status: 401 }),
    ]);
  });

  it('tell which scopes are missing', async () => {
    const narrow = await world.zone.mint({
      aud: world.mcpUrl,
      sub: 'usr_bob',
      client_id: 'test',
      scope: 'mcp:tools',
    });
    const input = { title: 'x', start: '2026-11-25T10:00:00Z' };
    await post(world.mcpUrl, toolCall('create_event', input), bearer(narrow));
    expect(events.at(-1)).toMatchObject({
      type: 'scope_decision',
      outcome: 'refused',
      required: ['mcp:tools', 'calendar:write'],
      missing: ['calendar:write'],
      subject: 'usr_bob',
    });
  });

  it('hold digests and no tokens, in events and in the log', async () => {
    await post(world.mcpUrl, toolCall('list_events'), bearer(token));
    const text = JSON.stringify(events) + world.logger.text;
    expect(text).toMatch(/"tokenDigest":"[0-9a-f]{8}"/);
    expect(world.logger.text).toContain('exchange');
    for (const secret of [token, token.split('.')[2]!, CLIENT.clientSecret]) {
      expect(text).not.toContain(secret);
    }
    expect(text).not.toMatch(/eyJ[\w-]{10,}/);
  });
});
