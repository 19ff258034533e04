import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createInputSchema } from '../../../lib/mcp/schema/input-schema.factory.js';
import type { SchemaSource } from '../../../lib/mcp/schema/schema-source.interface.js';

const Events = z.object({
  title: z.string().max(5),
  max: z.int().min(1).max(50).default(10),
  kind: z.enum(['a', 'b']).optional(),
  attendees: z.array(z.strictObject({ email: z.email() })).optional(),
});

describe('a Zod schema', () => {
  it('is listed as it describes its input', async () => {
    const { jsonSchema } = await createInputSchema(Events);
    expect(jsonSchema).toEqual({
      type: 'object',
      properties: {
        title: { type: 'string', maxLength: 5 },
        max: { type: 'integer', minimum: 1, maximum: 50, default: 10 },
        kind: { type: 'string', enum: ['a', 'b'] },
        attendees: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              email: {
                type: 'string',
                format: 'email',
                pattern: expect.any(String) as string,
              },
            },
            required: ['email'],
            additionalProperties: false,
          },
        },
      },
      required: ['title'],
    });
    expect(Object.isFrozen(jsonSchema.properties)).toBe(true);
  });

  it('fills defaults and leaves the input alone', async () => {
    const schema = await createInputSchema(Events);
    const input = Object.freeze({ title: 'a' });
    expect(await schema.validate(input)).toEqual({
      ok: true,
      value: { title: 'a', max: 10 },
    });
  });

  it.each<[object, string, RegExp]>([
    [{}, 'title', /expected string/],
    [{ title: 'SECRET' }, 'title', /<=5/],
    [{ title: 'a', max: 51 }, 'max', /<=50/],
    [{ title: 'a', kind: 'SECRET' }, 'kind', /"a"\|"b"/],
    [
      { title: 'a', attendees: [{ email: 'SECRET' }] },
      'attendees[0].email',
      /Invalid email/,
    ],
    [
      { title: 'a', attendees: [{ email: 'a@b.co', x: 1 }] },
      'attendees[0]',
      /"x"/,
    ],
  ])('refuses %j at %s', async (input, path, message) => {
    const schema = await createInputSchema(Events);
    const outcome = await schema.validate(input);
    expect(outcome).toEqual({
      ok: false,
      issues: [{ path, message: expect.stringMatching(message) as string }],
    });
    expect(JSON.stringify(outcome)).not.toContain('SECRET');
  });

  it('may validate asynchronously', async () => {
    const schema = await createInputSchema(
      z.object({ a: z.string().refine(async (text) => text === 'x', 'no') }),
    );
    expect(await schema.validate({ a: 'x' })).toMatchObject({ ok: true });
    expect(await schema.validate({ a: 'y' })).toEqual({
      ok: false,
      issues: [{ path: 'a', message: 'no' }],
    });
  });

  it('has its definition at the root when it is registered', async () => {
    const Named = z.object({ a: z.string() }).meta({ id: 'NamedInput' });
    const { jsonSchema } = await createInputSchema(Named);
    expect(jsonSchema).toEqual({
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
    });
  });

  it('keeps the definition of a registered schema that refers to itself', async () => {
    const Node = z
      .object({
        get children() {
          return z.array(Node);
        },
      })
      .meta({ id: 'NodeInput' });
    const { jsonSchema } = await createInputSchema(Node);
    expect(jsonSchema).toMatchObject({
      type: 'object',
      properties: { children: { items: { $ref: '#/$defs/NodeInput' } } },
      $defs: { NodeInput: { type: 'object' } },
    });
  });

  it('is described by zod itself when it is older than Standard JSON Schema', async () => {
    const older = Object.create(Events) as typeof Events;
    const { jsonSchema: _newer, ...standard } = Events['~standard'];
    Object.defineProperty(older, '~standard', { value: standard });
    expect((await createInputSchema(older)).jsonSchema).toEqual(
      (await createInputSchema(Events)).jsonSchema,
    );
  });
});

const acmeSchema = (issue: object, callable = false): SchemaSource => {
  const standard = {
    version: 1,
    vendor: 'acme',
    validate: () => ({ issues: [issue] }),
    jsonSchema: {
      input: ({ target }: { target: string }) => ({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        description: target,
      }),
    },
  };
  const source = callable ? () => undefined : {};
  return Object.assign(source, { '~standard': standard });
};

describe('a schema of another vendor', () => {
  it.each([false, true])(
    'is asked for 2020-12 (callable: %s)',
    async (callable) => {
      const { jsonSchema } = await createInputSchema(acmeSchema({}, callable));
      expect(jsonSchema).toEqual({
        type: 'object',
        description: 'draft-2020-12',
      });
    },
  );

  it.each([
    ['Invalid email: Received "s3cret"', 'Invalid email'],
    [
      'Invalid type: Expected number but received "s3cret"',
      'Invalid type: Expected number',
    ],
    ['must be an email address (was "s3cret")', 'must be an email address'],
    ['"s3cret" is not good', '"…" is not good'],
  ])('%s', async (message, expected) => {
    const built = await createInputSchema(
      acmeSchema({ message, path: [{ key: 'a' }, 0, 'b c'] }),
    );
    expect(await built.validate({ a: [{ 'b c': 's3cret' }] })).toEqual({
      ok: false,
      issues: [{ path: 'a[0]["b c"]', message: expected }],
    });
  });
});
