import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REVISION } from '../mcp/modern/support/modern-messages.js';
import { ADAPTERS } from '../support/adapters.js';
import type { NotesWorld } from '../support/notes.world.js';
import { Inspector, shouldRunInspector } from './support/inspector.js';
import { startMatrixWorld } from './support/matrix-world.js';

const ERAS = [
  ['legacy', 'legacy'],
  ['auto', 'modern'],
  ['modern', 'modern'],
] as const;

/** How the Inspector ends: it failed, it must sign in, or the tool failed. */
const FAILED = 1;
const AUTH_REQUIRED = 3;
const TOOL_FAILED = 5;

/** A request, and what must be in its result. */
const REQUESTS: [request: string[], result: object][] = [
  [
    ['tools/call', '--tool-name', 'add', '--tool-arg', 'a=1', 'b=2'],
    { structuredContent: { sum: 3 } },
  ],
  [
    ['resources/read', '--uri', 'notes://b%202'],
    {
      contents: [
        { uri: 'notes://b%202', mimeType: 'text/markdown', text: 'note b 2' },
      ],
    },
  ],
  [
    ['prompts/get', '--prompt-name', 'write_letter', '--prompt-args', 'to=Bob'],
    {
      messages: [
        {
          role: 'user',
          content: { type: 'text', text: 'A warm letter of usr_ada to Bob' },
        },
      ],
    },
  ],
];

/** A list, its member, and the names in it, of all pages. */
const LISTS: [method: string, member: string, names: string[]][] = [
  [
    'tools/list',
    'tools',
    ['add', 'brood', 'chat', 'confirm', 'count', 'fail', 'purge', 'whoami'],
  ],
  // What is in the vault is not asked for without its scope.
  ['resources/list', 'resources', ['note', 'note', 'index', 'logo', 'secret']],
  ['prompts/list', 'prompts', ['broken', 'reset', 'translate', 'write_letter']],
];

describe.skipIf(!shouldRunInspector()).each(ADAPTERS)(
  'the command line of the MCP Inspector on %s',
  (_name, adapter) => {
    let inspector: Inspector;
    let world: NotesWorld;
    beforeAll(async () => {
      inspector = await Inspector.fetch();
      world = await startMatrixWorld(adapter(), { listUnauthorized: true });
    }, 200_000);
    afterAll(async () => {
      await world?.stop();
      await inspector?.[Symbol.asyncDispose]();
    });

    it('never asks for a tool that its list does not show', async () => {
      const hiding = await startMatrixWorld(adapter());
      const { exitCode, error } = await inspector.send(
        hiding.url,
        'auto',
        hiding.bearer(),
        ['tools/call', '--tool-name', 'purge'],
      );
      await hiding.stop();
      expect([exitCode, error.code]).toEqual([TOOL_FAILED, 'tool_not_found']);
    });

    describe.each(ERAS)('with era %s', (chosen, era) => {
      const send = (request: readonly string[], headers = world.bearer()) =>
        inspector.send(world.url, chosen, headers, request);
      const call = (tool: string, headers?: Record<string, string>) =>
        send(['tools/call', '--tool-name', tool], headers);

      it(`speaks the ${era} era`, async () => {
        const { exitCode, result } = await call('whoami');
        expect(exitCode).toBe(0);
        expect(result.structuredContent).toEqual({
          subject: 'usr_ada',
          scopes: ['mcp:tools'],
          era,
          protocolVersion: era === 'modern' ? REVISION : '2025-11-25',
          inSession: era === 'legacy',
        });
      });

      it.each(LISTS)('%s', async (method, member, names) => {
        const { exitCode, result } = await send([method]);
        expect(exitCode).toBe(0);
        expect(result[member].map(({ name }: any) => name)).toEqual(names);
      });

      it.each(REQUESTS)('%j', async (request, expected) => {
        const { exitCode, result } = await send(request);
        expect(exitCode).toBe(0);
        expect(result).toMatchObject(expected);
      });

      it('tells that a tool failed', async () => {
        expect(await call('fail')).toMatchObject({
          exitCode: TOOL_FAILED,
          result: { isError: true },
          error: { code: 'tool_is_error' },
        });
      });

      it.each([
        ['a tool', ['tools/call', '--tool-name', 'purge']],
        ['a resource', ['resources/read', '--uri', 'notes://secret']],
      ])('tells that %s needs a larger scope (403)', async (_case, request) => {
        const { exitCode, result, error } = await send(request);
        expect([exitCode, result]).toEqual([FAILED, undefined]);
        expect(error).toEqual({
          code: 'error',
          message: 'Insufficient scope: required "mcp:tools admin"',
        });
      });

      it.each([
        ['no token', {}],
        ['a wrong token', { authorization: 'Bearer a.b.c' }],
      ])(
        'tells that it must sign in, with %s (401)',
        async (_case, headers) => {
          const { exitCode, result, error } = await call('whoami', headers);
          expect([exitCode, result]).toEqual([AUTH_REQUIRED, undefined]);
          expect(error.code).toBe('auth_required');
          expect(error.message).toMatch(
            /authorization|unauthorized|invalid_token/,
          );
        },
      );
    });
  },
);
