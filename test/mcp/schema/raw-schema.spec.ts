import { describe, expect, it } from 'vitest';
import { createInputSchema } from '../../../lib/mcp/schema/input-schema.factory.js';

/* oxlint-disable unicorn/no-thenable -- a keyword of JSON Schema */
const RAW = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://example.com/booking',
  type: 'object',
  $defs: {
    guest: {
      $anchor: 'guest',
      type: 'object',
      properties: { email: { type: 'string', format: 'email' } },
      required: ['email'],
    },
  },
  properties: {
    guests: { type: 'array', items: { $ref: '#guest' } },
    host: { $ref: 'https://example.com/booking#/$defs/guest' },
    room: { enum: ['a', 'b'], default: 'a' },
    code: { type: 'string', pattern: '^[A-Z]{2}$' },
    count: { type: 'integer', maximum: 5 },
    method: { const: 'card' },
  },
  allOf: [
    {
      if: { required: ['method'] },
      then: { required: ['count'] },
    },
  ],
  unevaluatedProperties: false,
};

describe('a JSON Schema document', () => {
  it('is listed verbatim, as a frozen copy', async () => {
    const before = JSON.stringify(RAW);
    const { jsonSchema } = await createInputSchema(RAW);
    expect(jsonSchema).toEqual(RAW);
    expect(jsonSchema).not.toBe(RAW);
    expect(Object.isFrozen(jsonSchema['$defs'])).toBe(true);
    expect(Object.isFrozen(RAW)).toBe(false);
    expect(JSON.stringify(RAW)).toBe(before);
  });

  it('may be used by many tools, also with one $id', async () => {
    const one = await createInputSchema(RAW);
    const two = await createInputSchema({
      ...RAW,
      properties: { count: { type: 'string' } },
    });
    expect(await one.validate({ count: 1 })).toMatchObject({ ok: true });
    expect(await two.validate({ count: 1 })).toMatchObject({ ok: false });
  });

  it('fills defaults into a copy, without coercion', async () => {
    const schema = await createInputSchema(RAW);
    const input = { guests: [{ email: 'a@b.co' }] };
    expect(await schema.validate(input)).toEqual({
      ok: true,
      value: { ...input, room: 'a' },
    });
    expect(input).toEqual({ guests: [{ email: 'a@b.co' }] });
    expect(await schema.validate({ count: '1' })).toMatchObject({ ok: false });
  });

  it.each<[object, { path: string; message: string }[]]>([
    [{ guests: [{}] }, [{ path: 'guests[0].email', message: 'is required' }]],
    [
      { guests: [{ email: 'SECRET' }] },
      [{ path: 'guests[0].email', message: 'must match format "email"' }],
    ],
    [{ host: {} }, [{ path: 'host.email', message: 'is required' }]],
    [
      { room: 'SECRET' },
      [{ path: 'room', message: 'must be one of: "a", "b"' }],
    ],
    [
      { code: 'SECRET' },
      [{ path: 'code', message: 'must match pattern "^[A-Z]{2}$"' }],
    ],
    [
      { count: 6, code: 1 },
      [
        { path: 'code', message: 'must be string' },
        { path: 'count', message: 'must be <= 5' },
      ],
    ],
    [{ other: 'SECRET' }, [{ path: 'other', message: 'is not allowed' }]],
    [{ 'a/b~c': 1 }, [{ path: '["a/b~c"]', message: 'is not allowed' }]],
    [
      { method: 'card' },
      [
        { path: 'count', message: 'is required' },
        { path: '', message: 'must match "then" schema' },
      ],
    ],
  ])('refuses %j', async (input, issues) => {
    const schema = await createInputSchema(RAW);
    const outcome = await schema.validate(input);
    expect(outcome).toEqual({
      ok: false,
      issues: expect.arrayContaining(issues) as unknown[],
    });
    expect(JSON.stringify(outcome)).not.toContain('SECRET');
  });

  it('does not take an inherited property for one that was sent', async () => {
    const schema = await createInputSchema({
      type: 'object',
      required: ['toString'],
      properties: { constructor: { type: 'string' } },
    });
    expect(await schema.validate({})).toMatchObject({ ok: false });
    expect(await schema.validate({ toString: 1 })).toMatchObject({ ok: true });
    expect(
      await schema.validate({ toString: 1, constructor: 2 }),
    ).toMatchObject({ ok: false });
  });
});

describe('no schema', () => {
  it('accepts nothing', async () => {
    const schema = await createInputSchema(undefined);
    expect(schema.jsonSchema).toEqual({
      type: 'object',
      properties: {},
      additionalProperties: false,
    });
    expect(await schema.validate(undefined)).toEqual({ ok: true, value: {} });
    expect(await schema.validate({})).toEqual({ ok: true, value: {} });
    expect(await schema.validate({ a: 1 })).toEqual({
      ok: false,
      issues: [{ path: 'a', message: 'is not allowed' }],
    });
  });
});
