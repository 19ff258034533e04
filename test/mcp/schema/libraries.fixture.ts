import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { type } from 'arktype';
import type { SchemaSource } from '../../../lib/mcp/schema/schema-source.interface.js';
import * as v from 'valibot';
import { z } from 'zod';

type Schema = Exclude<SchemaSource, undefined>;

/** The same input and the same result, as a library declares them. */
export interface Library {
  readonly input: Schema;
  readonly output: Schema;
  /** Whether defaults are listed. */
  readonly listsDefaults: boolean;
  /** What becomes of members that are not declared. */
  readonly undeclared: 'dropped' | 'kept';
}

const zod: Library = {
  input: z.object({
    title: z.string().min(1).max(5).describe('What it is called'),
    max: z.int().min(1).max(50).default(10),
    kind: z.enum(['home', 'work']).optional(),
    place: z
      .object({ city: z.string(), tags: z.array(z.string()).max(3) })
      .optional(),
    when: z
      .string()
      .transform((text) => new Date(text))
      .optional(),
  }),
  output: z.object({
    total: z.int().min(0),
    items: z.array(z.object({ name: z.string().describe('Its name') })),
  }),
  listsDefaults: true,
  undeclared: 'dropped',
};

const valibot: Library = {
  input: toStandardJsonSchema(
    v.object({
      title: v.pipe(
        v.string(),
        v.minLength(1),
        v.maxLength(5),
        v.description('What it is called'),
      ),
      max: v.optional(
        v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)),
        10,
      ),
      kind: v.optional(v.picklist(['home', 'work'])),
      place: v.optional(
        v.object({
          city: v.string(),
          tags: v.pipe(v.array(v.string()), v.maxLength(3)),
        }),
      ),
      when: v.optional(
        v.pipe(
          v.string(),
          v.transform((text) => new Date(text)),
        ),
      ),
    }),
  ),
  output: toStandardJsonSchema(
    v.object({
      total: v.pipe(v.number(), v.integer(), v.minValue(0)),
      items: v.array(
        v.object({ name: v.pipe(v.string(), v.description('Its name')) }),
      ),
    }),
  ),
  listsDefaults: true,
  undeclared: 'dropped',
};

const arktype: Library = {
  input: type({
    title: type('1 <= string <= 5').describe('What it is called'),
    max: '1 <= number.integer <= 50 = 10',
    'kind?': "'home' | 'work'",
    'place?': { city: 'string', tags: 'string[] <= 3' },
    'when?': type('string').pipe((text) => new Date(text)),
  }),
  output: type({
    total: 'number.integer >= 0',
    items: type({ name: type('string').describe('Its name') }).array(),
  }),
  listsDefaults: false,
  undeclared: 'kept',
};

export const LIBRARIES: readonly [name: string, library: Library][] = [
  ['Zod', zod],
  ['Valibot', valibot],
  ['ArkType', arktype],
];
