import { elicitForm, McpServers, type McpServerHandle } from 'nestjs-keycard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../support/adapters.js';
import { post } from '../../support/post.js';
import { NotesWorld } from '../../support/notes.world.js';
import { AskedClient } from '../input/support/asking-client.js';
import {
  modernRequest,
  standardHeaders,
} from '../modern/support/modern-messages.js';

const QUESTION = elicitForm({
  message: 'Sure?',
  schema: { type: 'object', properties: { ok: { type: 'boolean' } } },
});

describe.each(ADAPTERS)('an entry that is replaced on %s', (_name, adapter) => {
  let world: NotesWorld;
  let server: McpServerHandle;
  beforeAll(async () => {
    world = await NotesWorld.start(adapter());
    server = world.application.get(McpServers).get();
  });
  afterAll(() => world.stop());

  /** A tool that asks; and what takes its place, for administrators alone. */
  const replaceWhileAsked = async (kind: 'v1' | 'v2 pinned') => {
    const runs: string[] = [];
    let current = await server.addTool({
      name: 'moving',
      description: 'Asks',
      handler: (_input, context) => {
        runs.push('free');
        context.requireInput({ requests: { sure: QUESTION } });
      },
    });
    const client = await AskedClient.connect(kind, world.url, world.bearer(), {
      elicit: async () => {
        current.remove();
        current = await server.addTool({
          name: 'moving',
          description: 'For administrators',
          scopes: 'admin',
          handler: () => {
            runs.push('admin');
            return 'secret';
          },
        });
        return { action: 'accept', content: { ok: true } };
      },
    });
    const outcome = await client
      .call('moving')
      .then(JSON.stringify, (error: unknown) => String(error));
    await client.close();
    current.remove();
    return { runs, outcome };
  };

  it.each(['v1', 'v2 pinned'] as const)(
    'does not run for a client (%s) that was let in to the one before',
    async (kind) => {
      const { runs, outcome } = await replaceWhileAsked(kind);
      expect(runs).toEqual(['free']);
      expect(outcome).toMatch(/scope/i);
    },
  );

  it('is not listened to by who was let in to the one before', async () => {
    const runs: string[] = [];
    let last = await server.addResource({
      name: 'last',
      uri: 'moving://last',
      handler: () => 'free',
    });
    const first = await server.addResource({
      name: 'first',
      uri: 'moving://first',
      handler: async () => {
        last.remove();
        last = await server.addResource({
          name: 'last',
          uri: 'moving://last',
          scopes: 'admin',
          handler: () => runs.push('admin'),
        });
        return 'read';
      },
    });
    const body = modernRequest('subscriptions/listen', {
      notifications: {
        resourceSubscriptions: ['moving://first', 'moving://last'],
      },
    });
    const answer = await post(world.url, body, {
      ...standardHeaders(body),
      ...world.bearer(),
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('www-authenticate')).toContain('admin');
    expect(runs).toEqual([]);
    first.remove();
    last.remove();
  });
});
