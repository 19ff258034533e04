import { describe, expect, it } from 'vitest';
import { cloneJson } from '../../../lib/mcp/schema/json-value.js';

describe('a copy of JSON data', () => {
  it('is equal, and shares nothing', () => {
    const data = { list: [1, { deep: ['x', null] }], text: 'y', none: null };
    const copy = cloneJson(data);
    expect(copy).toEqual(data);
    expect(copy).not.toBe(data);
    expect(copy.list).not.toBe(data.list);
    expect(copy.list[1]).not.toBe(data.list[1]);
  });

  it.each(['{"__proto__":{"isAdmin":true}}', '{"a":{"__proto__":null}}'])(
    'keeps a key that is no property elsewhere: %s',
    (text) => {
      const copy = cloneJson<object>(JSON.parse(text));
      expect(JSON.stringify(copy)).toBe(text);
      expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
      expect('isAdmin' in copy).toBe(false);
    },
  );
});
