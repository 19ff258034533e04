import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageOf } from '../../../lib/mcp/catalog/page.js';
import { ADAPTERS } from '../../support/adapters.js';
import { NotesWorld, type Caller } from '../../support/notes.world.js';
import { post, request } from '../../support/post.js';
import {
  modernRequest,
  standardHeaders,
} from '../modern/support/modern-messages.js';

type CreateRequest = (
  method: string,
  params: Record<string, unknown>,
) => object;

const keyOf = (key: string) => key;

describe('a page', () => {
  it('goes on behind its last item, whatever came or went since', () => {
    const { items, nextCursor } = pageOf(['a', 'c', 'e'], keyOf, undefined, 2);
    expect(items).toEqual(['a', 'c']);
    const next = pageOf(['b', 'd', 'e'], keyOf, nextCursor, 2);
    expect(next).toEqual({ items: ['d', 'e'] });
  });

  it('is the last one when nothing is left', () => {
    expect(pageOf(['a', 'b'], keyOf, undefined, 2)).toEqual({
      items: ['a', 'b'],
    });
    expect(pageOf([], keyOf, undefined, 2)).toEqual({ items: [] });
  });

  it.each([1, null, '', 'x', 'YWZ0ZXI', {}, 'YWZ0ZXI6YQ=='])(
    'is refused for the cursor %o',
    (cursor) => {
      expect(() => pageOf(['a'], keyOf, cursor, 1)).toThrow('cursor');
    },
  );
});

const LISTS = [
  ['resources/list', 'resources'],
  ['resources/templates/list', 'resourceTemplates'],
  ['prompts/list', 'prompts'],
] as const;

describe.each(ADAPTERS)('lists in pages on %s', (_adapter, createAdapter) => {
  let world: NotesWorld;
  beforeAll(async () => {
    world = await NotesWorld.start(createAdapter(), { mcp: { pageSize: 2 } });
  });
  afterAll(() => world.stop());

  const ask = async (
    create: CreateRequest,
    method: string,
    cursor: string | undefined,
    caller: Caller,
  ) => {
    const body = create(method, cursor === undefined ? {} : { cursor });
    const modern = create === request ? {} : standardHeaders(body);
    const headers = { ...modern, ...world.bearer(caller) };
    const { json } = await post(world.url, body, headers);
    return json;
  };

  describe.each([
    ['2025', request],
    ['2026', modernRequest],
  ] as [string, CreateRequest][])('in the %s era', (_era, create) => {
    it.each(LISTS)('%s', async (method, member) => {
      const whole: unknown[] = [];
      let cursor: string | undefined;
      let pages = 0;
      do {
        const { result } = await ask(create, method, cursor, 'root');
        expect(result[member].length).toBeLessThanOrEqual(2);
        whole.push(...result[member]);
        cursor = result.nextCursor;
        pages += 1;
      } while (cursor !== undefined);
      expect(pages).toBe(Math.ceil(whole.length / 2));
      expect(new Set(whole.map((one) => JSON.stringify(one))).size).toBe(
        whole.length,
      );
      expect(whole.length).toBeGreaterThan(2);
    });

    it('show nothing to a cursor of somebody else', async () => {
      const first = await ask(create, 'resources/list', undefined, 'root');
      const { nextCursor } = first.result;
      const rest = await ask(create, 'resources/list', nextCursor, 'bob');
      expect(JSON.stringify(rest.result)).not.toContain('vault');
    });

    it.each(LISTS)('%s refuse a cursor nobody gave', async (method) => {
      const { error } = await ask(create, method, 'made-up', 'ada');
      expect(error).toMatchObject({ code: -32602 });
    });
  });

  it('say in the 2026 era how long they may be kept, by one caller', async () => {
    const body = modernRequest('resources/read', { uri: 'notes://index' });
    const headers = { ...standardHeaders(body), ...world.bearer() };
    const read = await post(world.url, body, headers);
    expect(read.json.result).toMatchObject({
      ttlMs: 5000,
      cacheScope: 'private',
    });
    for (const [method] of LISTS) {
      const { result } = await ask(modernRequest, method, undefined, 'ada');
      expect(result).toMatchObject({ cacheScope: 'private' });
      expect(result.ttlMs).toBeGreaterThanOrEqual(0);
    }
  });
});
