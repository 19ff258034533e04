import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import {
  createRequestNote,
  type RequestNote,
} from '../../lib/verification/request-note.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void;

describe('a note on a request', () => {
  it('is what was written last', () => {
    const note = createRequestNote<string>();
    const request = {};
    expect(note.get(request)).toBeUndefined();
    note.set(request, 'first');
    note.set(request, 'second');
    expect(note.get(request)).toBe('second');
  });

  it('is not that of another kind, or of another request', () => {
    const note = createRequestNote<string>();
    const other = createRequestNote<string>();
    const request = {};
    note.set(request, 'mine');
    expect(other.get(request)).toBeUndefined();
    expect(note.get({})).toBeUndefined();
  });

  it.each([
    ['inherits', (request: object) => Object.create(request) as object],
    ['is a copy', (request: object) => ({ ...request })],
    ['is a proxy', (request: object) => new Proxy(request, {})],
  ])('is unknown to an object that %s', (_, derive) => {
    const note = createRequestNote<string>();
    const request = {};
    note.set(request, 'mine');
    const derived = derive(request);
    expect(note.get(derived)).toBeUndefined();
    note.set(derived, 'other');
    expect(note.get(request)).toBe('mine');
  });

  it('is not seen', () => {
    const note = createRequestNote<string>();
    const request = { url: '/mcp' };
    note.set(request, 'mine');
    expect(Reflect.ownKeys(request)).toEqual(['url']);
  });

  it('dies young, though it leads back to its request', () => {
    const grownBy = (note: RequestNote<object>) => {
      const before = oldSpace();
      for (let round = 0; round < 20; round += 1) {
        for (let n = 0; n < 1_000; n += 1) {
          const request = { body: Array.from({ length: 100 }, () => n) };
          note.set(request, { request });
        }
        collect({ type: 'minor' });
      }
      return oldSpace() - before;
    };
    grownBy(createRequestNote());
    const bytes = grownBy(createRequestNote());
    // All of them together are 16 million, which a WeakMap does keep.
    expect(bytes).toBeLessThan(2_000_000);
    expect(grownBy(new WeakMap())).toBeGreaterThan(4_000_000);
  });
});

/** Bytes in use where V8 puts what survives. */
function oldSpace(): number {
  return getHeapSpaceStatistics().find(
    ({ space_name }) => space_name === 'old_space',
  )!.space_used_size;
}
