import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../support/adapters.js';
import {
  eventsOf,
  modernRequest,
  standardHeaders,
} from './support/modern-messages.js';
import { record } from './support/modern-tools.js';
import { ModernWorld } from './support/modern-world.js';

describe.each(ADAPTERS)('a call in flight on %s', (_name, adapter) => {
  let world: ModernWorld;
  beforeEach(async () => {
    record.reset();
    world = await ModernWorld.start(adapter());
  });
  afterEach(() => world.stop());

  const start = (name: string, signal: AbortSignal | null = null) => {
    const params = { name, arguments: {} };
    const body = modernRequest('tools/call', params, { progressToken: 1 });
    return fetch(world.url, {
      method: 'POST',
      headers: {
        ...standardHeaders(body),
        ...world.bearer(),
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify(body),
      signal,
    });
  };

  it.each(['wait', 'brood'])(
    'stops when its client closes: %s',
    async (name) => {
      const controller = new AbortController();
      const answer = start(name, controller.signal).then((response) =>
        response.text(),
      );
      answer.catch(() => {});
      await record.started.promise;
      controller.abort();
      expect(await record.aborted.promise).toMatchObject({
        name: 'AbortError',
        message: 'The client disconnected',
      });
      await expect(answer).rejects.toThrow();
      // That the tool then fails is its own affair, and nothing to answer.
      expect(world.logger.text).not.toContain('An MCP request');
      expect(world.logger.text).not.toContain('The MCP method');
      const { status } = await world.call('whoami');
      expect(status).toBe(200);
    },
  );

  it('is told that the server closes, on its stream', async () => {
    const answer = await start('wait');
    await record.started.promise;
    const [text] = await Promise.all([answer.text(), closeServer()]);
    expect(await record.aborted.promise).toMatchObject({ name: 'AbortError' });
    expect(eventsOf(text).at(-1)).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: { code: -32000, message: 'The server is closing' },
    });
  });

  it('is told that the server closes, by its answer', async () => {
    const answer = start('brood');
    await record.started.promise;
    const [response] = await Promise.all([answer, closeServer()]);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: { code: -32000, message: 'The server is closing' },
    });
  });

  const closeServer = () => world.application.close();
});
