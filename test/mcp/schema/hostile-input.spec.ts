import { IsObject, IsOptional } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createInputSchema } from '../../../lib/mcp/schema/input-schema.factory.js';
import type { SchemaSource } from '../../../lib/mcp/schema/schema-source.interface.js';
import { Tree } from './class-fixtures.js';

class Loose {
  @IsOptional() @IsObject() a?: object;
  @IsOptional() list?: unknown[];
}

const RecursiveZod: z.ZodType<object> = z.looseObject({
  get a() {
    return RecursiveZod.optional();
  },
});

const SOURCES: [string, SchemaSource][] = [
  ['Zod', RecursiveZod],
  ['class', Loose],
  ['raw', { type: 'object', properties: { a: { $ref: '#' } } }],
];

const parseNested = (levels: number): unknown =>
  JSON.parse(`${'{"a":'.repeat(levels)}{}${'}'.repeat(levels)}`);

describe.each(SOURCES)('a hostile input to a schema of %s', (_name, source) => {
  it.each([null, 'text', 5, true, [], [{}]])(
    'is not an object: %j',
    async (input) => {
      const schema = await createInputSchema(source);
      expect(await schema.validate(input)).toEqual({
        ok: false,
        issues: [{ path: '', message: 'must be an object' }],
      });
    },
  );

  it('counts as empty when it is missing', async () => {
    const schema = await createInputSchema(source);
    expect(await schema.validate(undefined)).toMatchObject({ ok: true });
  });

  it('may be deep, but not too deep', async () => {
    const schema = await createInputSchema(source);
    expect(await schema.validate(parseNested(100))).toMatchObject({ ok: true });
    expect(await schema.validate(parseNested(10_000))).toEqual({
      ok: false,
      issues: [
        { path: '', message: 'must not be nested deeper than 128 levels' },
      ],
    });
  });

  it('may refer to itself', async () => {
    const schema = await createInputSchema(source);
    const cycle: Record<string, unknown> = {};
    cycle['a'] = cycle;
    expect(await schema.validate(cycle)).toMatchObject({ ok: false });
  });

  it.each([
    '{"__proto__":{"polluted":1}}',
    '{"a":{"__proto__":{"polluted":1}}}',
  ])('cannot reach a prototype: %s', async (text) => {
    const schema = await createInputSchema(source);
    expect(await schema.validate(JSON.parse(text))).toEqual({
      ok: false,
      issues: [
        { path: '', message: 'must not have a property named "__proto__"' },
      ],
    });
    expect({}).not.toHaveProperty('polluted');
  });

  it('does not crash on `constructor`', async () => {
    const schema = await createInputSchema(source);
    const outcome = await schema.validate(
      JSON.parse('{"a":{"constructor":{"prototype":{"polluted":1}}}}'),
    );
    expect(outcome).toHaveProperty('ok');
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('a huge input', () => {
  const email = { type: 'object', required: ['email'] };
  const sources: [string, SchemaSource][] = [
    ['Zod', z.object({ items: z.array(z.object({ email: z.string() })) })],
    [
      'raw',
      {
        type: 'object',
        $defs: { email },
        properties: {
          items: { type: 'array', items: { $ref: '#/$defs/email' } },
        },
      },
    ],
  ];

  it.each(sources)('is refused in linear time by %s', async (_name, source) => {
    const schema = await createInputSchema(source);
    const items = Array.from({ length: 200_000 }, () => ({}));
    const started = performance.now();
    const outcome = await schema.validate({ items });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(outcome.ok).toBe(false);
    const { issues } = outcome as { issues: readonly unknown[] };
    expect(issues.length).toBeLessThanOrEqual(20);
  });

  it('names all problems of a small one, up to 20', async () => {
    const schema = await createInputSchema(sources[1]![1]);
    const outcome = await schema.validate({
      items: Array.from({ length: 50 }, () => ({})),
    });
    expect((outcome as { issues: readonly unknown[] }).issues).toHaveLength(20);
  });

  it('of a recursive class is refused, not crashed on', async () => {
    const schema = await createInputSchema(Tree);
    const input = { name: 'a', children: [parseNested(9_000)] };
    expect(await schema.validate(input)).toMatchObject({ ok: false });
  });

  it('has bounded, one-line issues', async () => {
    const schema = await createInputSchema(undefined);
    const outcome = await schema.validate({ [`a\n${'b'.repeat(5_000)}`]: 1 });
    const [issue] = (outcome as { issues: readonly { path: string }[] }).issues;
    expect(issue?.path.length).toBeLessThan(130);
    expect(issue?.path).not.toContain('\n');
  });
});
