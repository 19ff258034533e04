import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { createInputSchema } from '../../../lib/mcp/schema/input-schema.factory.js';
import { Derived, Formats, Meeting, Order, Tree } from './class-fixtures.js';

const ajv = addFormats.default(new Ajv2020({ strict: true }));

/** Values that are put in place of each property, in turn. */
const VALUES: unknown[] = [
  'red',
  'x',
  '',
  'a@b.co',
  '12345',
  '2026-01-01T00:00:00Z',
  '2026-01-01T10:00:00.123+02:00',
  'not a date',
  'https://example.com/a?b=c',
  0,
  1,
  1.5,
  -1,
  100,
  true,
  [],
  ['x'],
  ['x', 'x'],
  [1],
  {},
  [{}],
  [[]],
  { street: 'Main' },
  { street: 'Main', zip: '1' },
  { street: 'Main', zip: '12345' },
  [{ street: 'Main' }],
  [{ street: 'Main' }, { street: '' }],
  [1, 2, 3, 4].map(() => ({ street: 'Main' })),
  { name: 'a' },
  { name: 'a', children: [{ name: 'b' }] },
  { name: 'a', children: [{ name: 1 }] },
  [{ name: 'b', children: [] }],
  [{ email: 'a@b.co' }],
  [{ email: 'a' }],
  [{ email: 'a@b.co', extra: 1 }],
];

const BASES: [new () => object, Record<string, unknown>][] = [
  [
    Order,
    {
      address: { street: 'Main' },
      others: [],
      color: 'red',
      level: 1,
      quantity: 2,
      picks: ['x'],
      due: '2026-01-01T00:00:00Z',
      tree: { name: 'a' },
      id: '7f1c9a4e-3c0b-4d6f-8a55-0d2c5b8e9f10',
      extra: undefined,
    },
  ],
  [Derived, { title: 'a', flag: true, price: 1, tags: ['a'] }],
  [Tree, { name: 'a', children: [] }],
  [Meeting, { attendees: [{ email: 'a@b.co' }] }],
  [
    Formats,
    {
      dateString: '2026-01-01T00:00:00Z',
      iso: '2026-01-01T00:00:00Z',
      url: 'https://example.com',
      colors: ['red'],
    },
  ],
];

/**
 * Known and wanted: class-transformer makes a date of a number, and
 * class-validator takes the names of a numeric enum for its values. No value
 * above is one of these.
 */
describe('the document and class-validator agree', () => {
  const cases = BASES.flatMap(([source, base]) => {
    const names = Object.keys(base);
    return [
      [source, JSON.parse(JSON.stringify(base)) as object] as const,
      ...names.map((name) => {
        const { [name]: _left, ...rest } = base;
        return [source, rest] as const;
      }),
      ...names.flatMap((name) =>
        VALUES.map((value) => [source, { ...base, [name]: value }] as const),
      ),
    ];
  }).map(
    ([source, input]) =>
      [source, JSON.parse(JSON.stringify(input)) as object] as const,
  );

  it.each(BASES.map(([source]) => source))('%o', async (source) => {
    const schema = await createInputSchema(source);
    const accepts = ajv.compile(schema.jsonSchema);
    const verdicts = await Promise.all(
      cases
        .filter(([target]) => target === source)
        .map(async ([, input]) => {
          const outcome = await schema.validate(input);
          return { input, accepted: outcome.ok };
        }),
    );
    expect(verdicts.some(({ accepted }) => accepted)).toBe(true);
    expect(verdicts.some(({ accepted }) => !accepted)).toBe(true);
    expect(
      verdicts.filter(({ input, accepted }) => accepts(input) !== accepted),
    ).toEqual([]);
  });
});
