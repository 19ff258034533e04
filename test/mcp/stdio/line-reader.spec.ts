import { expect, it } from 'vitest';
import { LineReader } from '../../../lib/mcp/stdio/line-reader.js';

const LIMIT = 5;

const CASES: readonly [
  what: string,
  text: string,
  lines: readonly (string | undefined)[],
][] = [
  ['one line', 'abc\n', ['abc']],
  ['several', 'a\nb\nc\n', ['a', 'b', 'c']],
  ['an empty one', '\n\na\n', ['', '', 'a']],
  ['what is not ended', 'a\nb', ['a']],
  ['the longest', 'abcde\nf\n', ['abcde', 'f']],
  ['one too long', 'abcdef\nghi\n', [undefined, 'ghi']],
  ['much too long', `${'x'.repeat(99)}{}\n{}\n`, [undefined, '{}']],
];

it.each(CASES)('reads %s, however it is cut', (_what, text, expected) => {
  for (let size = 1; size <= text.length; size += 1) {
    const lines: (string | undefined)[] = [];
    const reader = new LineReader(LIMIT, (line) =>
      lines.push(line?.toString()),
    );
    const bytes = Buffer.from(text);
    for (let start = 0; start < bytes.length; start += size) {
      reader.read(bytes.subarray(start, start + size));
    }
    expect(lines).toEqual(expected);
  }
});
