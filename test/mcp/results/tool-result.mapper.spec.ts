import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import {
  toolError,
  toToolResult,
} from '../../../lib/mcp/results/tool-result.mapper.js';

const text = (value: string) => ({ type: 'text' as const, text: value });
const data = (value: object) => ({
  content: [text(JSON.stringify(value))],
  structuredContent: value,
});

class Point {
  constructor(
    readonly x: number,
    private readonly secret: string,
  ) {}

  toJSON() {
    return { x: this.x, length: this.secret.length };
  }
}

const IMAGE = { type: 'image', data: 'AAAA', mimeType: 'image/png' } as const;
const AUDIO = { type: 'audio', data: 'AAAA', mimeType: 'audio/wav' } as const;
const LINK = {
  type: 'resource_link',
  uri: 'file:///a',
  name: 'a',
} as const;
const RESOURCE = {
  type: 'resource',
  resource: { uri: 'file:///a', text: 'content' },
} as const;
const BLOB = {
  type: 'resource',
  resource: { uri: 'file:///a', blob: 'AAAA' },
} as const;
const BLOCKS = [text('a'), IMAGE, AUDIO, LINK, RESOURCE, BLOB];

const cycle: Record<string, unknown> = {};
cycle['self'] = cycle;

describe('what a tool returned', () => {
  it.each<[string, unknown, object]>([
    ['nothing', undefined, { content: [] }],
    ['null', null, { content: [] }],
    ['a text', 'hello', { content: [text('hello')] }],
    ['an empty text', '', { content: [text('')] }],
    ['a number', 42, { content: [text('42')] }],
    ['zero', 0, { content: [text('0')] }],
    ['no number', Number.NaN, { content: [text('null')] }],
    ['true', true, { content: [text('true')] }],
    ['false', false, { content: [text('false')] }],
    ['an object', { a: 1 }, data({ a: 1 })],
    ['an empty object', {}, data({})],
    ['a member that is not JSON', { a: 1, b: undefined }, data({ a: 1 })],
    [
      'an object with a date',
      { at: new Date(0) },
      data({ at: '1970-01-01T00:00:00.000Z' }),
    ],
    ['an object with toJSON', new Point(1, 'abc'), data({ x: 1, length: 3 })],
    ['toJSON to a text', { toJSON: () => 'told' }, { content: [text('told')] }],
    ['toJSON to a list', { toJSON: () => [1] }, { content: [text('[1]')] }],
    ['toJSON to null', { toJSON: () => null }, { content: [text('null')] }],
    ['a date', new Date(0), { content: [text('1970-01-01T00:00:00.000Z')] }],
    ['no date', new Date(Number.NaN), { content: [text('null')] }],
    ['a list', [1, { a: 2 }], { content: [text('[1,{"a":2}]')] }],
    ['an empty list', [], { content: [text('[]')] }],
    // As JSON has it: members of a map are none of its properties.
    ['a map', new Map([['a', 1]]), data({})],
    ['a buffer', Buffer.from('a'), data({ type: 'Buffer', data: [97] })],
    [
      'an object without a prototype',
      Object.assign(Object.create(null), { a: 1 }),
      data({ a: 1 }),
    ],
    ['a list of blocks', BLOCKS, { content: BLOCKS }],
    [
      'blocks and something else',
      [text('a'), 1],
      { content: [text('[{"type":"text","text":"a"},1]')] },
    ],
    [
      'a result',
      { content: [text('a')], structuredContent: { a: 1 } },
      { content: [text('a')], structuredContent: { a: 1 } },
    ],
    [
      'a result that failed',
      { content: [text('a')], isError: true },
      { content: [text('a')], isError: true },
    ],
    [
      'an empty result',
      { content: [], _meta: { a: 1 } },
      { content: [], _meta: { a: 1 } },
    ],
    [
      'a result with dates',
      { content: [], structuredContent: { at: new Date(0) } },
      { content: [], structuredContent: { at: '1970-01-01T00:00:00.000Z' } },
    ],
    [
      'an empty page of data',
      { content: [], total: 0 },
      data({ content: [], total: 0 }),
    ],
    [
      'a page of data',
      { content: [{ id: 1 }] },
      data({ content: [{ id: 1 }] }),
    ],
    ['a document with content', { content: 'text' }, data({ content: 'text' })],
    [
      'what is almost a result',
      { content: [], structuredContent: 'a' },
      data({ content: [], structuredContent: 'a' }),
    ],
    [
      'a failure that is almost one',
      { content: [text('a')], isError: 'yes' },
      data({ content: [text('a')], isError: 'yes' }),
    ],
    [
      'a text without text',
      { type: 'text', value: 1 },
      data({ type: 'text', value: 1 }),
    ],
    [
      'a link without a name',
      { type: 'resource_link', uri: 'a' },
      data({ type: 'resource_link', uri: 'a' }),
    ],
    [
      'a resource without a URI',
      { type: 'resource', resource: { id: 1 } },
      data({ type: 'resource', resource: { id: 1 } }),
    ],
    [
      'a type of its own',
      { type: 'event', text: 'a' },
      data({ type: 'event', text: 'a' }),
    ],
  ])('%s', (_case, value, expected) => {
    const result = toToolResult(value);
    expect(result).toEqual(expected);
    expect(CallToolResultSchema.parse(result)).toEqual(expected);
    expect(JSON.parse(JSON.stringify(result))).toEqual(expected);
  });

  it.each(BLOCKS)('one block of type $type', (block) => {
    const result = toToolResult(block);
    expect(result).toEqual({ content: [block] });
    expect(CallToolResultSchema.parse(result)).toEqual({ content: [block] });
  });

  it.each<[string, unknown]>([
    ['a cycle', cycle],
    ['a cycle in a list', [cycle]],
    ['a cycle in a result', { content: [], structuredContent: cycle }],
    ['a bigint', 1n],
    ['a bigint within', { a: 1n }],
    ['a function', () => 1],
    ['a symbol', Symbol('a')],
    ['toJSON to nothing', { toJSON: () => undefined }],
    [
      'structured content that turns out to be none',
      { content: [], structuredContent: { toJSON: () => 1 } },
    ],
  ])('%s is a mistake of the tool', (_case, value) => {
    expect(() => toToolResult(value)).toThrow(TypeError);
  });

  it('an error is told as such', () => {
    const result = toolError('why');
    expect(result).toEqual({ content: [text('why')], isError: true });
    expect(CallToolResultSchema.parse(result)).toEqual(result);
  });
});
