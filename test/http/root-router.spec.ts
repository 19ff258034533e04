import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { mountRootRouter } from '../../lib/http/root-router.mount.js';
import { RootRouter } from '../../lib/http/root-router.js';
import { RecordingLogger } from '../support/boot.js';
import { rawRequest } from '../support/raw-request.js';
import { serve } from './serve.js';

const text = (body: string) => (_: IncomingMessage, response: ServerResponse) =>
  void response.end(body);

async function answerOf(router: RootRouter, path: string) {
  const { url, server } = await serve((request, response) => {
    if (!router.handle(request, response)) response.end('not ours');
  });
  const answer = await rawRequest(url, { method: 'GET', path });
  server.close();
  return answer;
}

describe('the root router', () => {
  it.each([
    ['/a', 'exact'],
    ['/a?b', 'exact'],
    ['/a/', 'not ours'],
    ['/A', 'not ours'],
    ['/%61', 'not ours'],
    ['//a', 'not ours'],
    ['/a/b', 'not ours'],
    ['/found/x', 'found'],
    ['/other', 'not ours'],
  ])('answers %s: %s', async (path, expected) => {
    const router = new RootRouter(new RecordingLogger());
    router.add('/a', text('exact'));
    router.addResolver((one) =>
      one.startsWith('/found/') ? text('found') : undefined,
    );
    expect((await answerOf(router, path)).text).toBe(expected);
  });

  it('has no path twice', () => {
    const router = new RootRouter(new RecordingLogger());
    router.add('/a', text(''));
    expect(() => router.add('/a', text(''))).toThrow('/a');
  });

  it.each<[string, () => void | Promise<void>]>([
    [
      'throws',
      () => {
        throw new Error('secret-detail');
      },
    ],
    ['rejects', () => Promise.reject(new Error('secret-detail'))],
  ])(
    'answers 500 and tells nothing when a route %s',
    async (_case, handler) => {
      const router = new RootRouter(new RecordingLogger());
      router.add('/a', handler);
      const answer = await answerOf(router, '/a');
      expect([answer.status, JSON.parse(answer.text)]).toEqual([
        500,
        {
          error: 'server_error',
          error_description:
            'The server could not answer because of an internal error.',
        },
      ]);
    },
  );

  it('is for two adapters only', () => {
    const adapter = { getType: () => 'koa' } as never;
    expect(() =>
      mountRootRouter(adapter, new RootRouter(new RecordingLogger())),
    ).toThrow(/platform-express.*platform-fastify.*"koa"/);
  });
});
