import { Exclude, Expose, Type } from 'class-transformer';
import { IsDate, IsInt, IsString, ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createOutputSchema } from '../../../lib/mcp/schema/output-schema.factory.js';

class Owner {
  @IsString() name: string;
  @Exclude() passwordHash: string = 'hash';
}

class Report {
  @Expose({ name: 'total_count' }) @IsInt() total: number;
  @IsDate() at: Date;
  @ValidateNested() @Type(() => Owner) owner: Owner;
}

@JSONSchema({ additionalProperties: true })
class Open {
  @IsInt() a: number;
}

const make = <T extends object>(type: new () => T, values: Partial<T>): T =>
  Object.assign(new type(), values);

const report = (): Report =>
  make(Report, {
    total: 2,
    at: new Date(0),
    owner: make(Owner, { name: 'a' }),
  });

const REPORT = {
  total_count: 2,
  at: '1970-01-01T00:00:00.000Z',
  owner: { name: 'a' },
};

describe('the schema of a result', () => {
  it('of a class accepts instances and plain values', async () => {
    const schema = await createOutputSchema(Report);
    expect(schema.jsonSchema).toMatchObject({
      properties: {
        total_count: { type: 'integer' },
        at: { format: 'date-time' },
      },
      additionalProperties: false,
      $defs: { Owner: { required: ['name'] } },
    });
    expect(await schema.validate(report())).toEqual({
      ok: true,
      value: REPORT,
    });
    expect(await schema.validate(REPORT)).toEqual({ ok: true, value: REPORT });
  });

  it.each([
    [{ ...REPORT, total_count: 'a' }, 'total_count', 'must be integer'],
    [{ ...REPORT, extra: 1 }, 'extra', 'is not allowed'],
    [{ ...REPORT, owner: {} }, 'owner.name', 'is required'],
    [{ ...REPORT, at: undefined }, 'at', 'is required'],
    [{ ...REPORT, at: 1n }, '', 'cannot be written as JSON'],
    [[], '', 'must be an object'],
    [undefined, '', 'must be an object'],
  ])('refuses %o', async (value, path, message) => {
    const schema = await createOutputSchema(Report);
    expect(await schema.validate(value)).toEqual({
      ok: false,
      issues: [{ path, message }],
    });
  });

  it('of a class may be open', async () => {
    const schema = await createOutputSchema(Open);
    expect(schema.jsonSchema['additionalProperties']).toBe(true);
    expect(await schema.validate({ a: 1, b: 2 })).toEqual({
      ok: true,
      value: { a: 1, b: 2 },
    });
  });

  it('of Zod describes and returns what comes out', async () => {
    const schema = await createOutputSchema(
      z.object({ a: z.string(), b: z.int().default(1) }),
    );
    expect(schema.jsonSchema).toMatchObject({
      required: ['a', 'b'],
      additionalProperties: false,
    });
    expect(await schema.validate({ a: 'x', secret: 1 })).toEqual({
      ok: true,
      value: { a: 'x', b: 1 },
    });
  });

  it('of Zod refuses a transform, whose output is unknown', async () => {
    await expect(
      createOutputSchema(z.object({ a: z.string().transform(Number) })),
    ).rejects.toMatchObject({ code: 'schema_not_representable' });
  });

  it('of a document checks what the client will read', async () => {
    const schema = await createOutputSchema({
      type: 'object',
      properties: { at: { type: 'string', format: 'date-time' } },
    });
    expect(await schema.validate({ at: new Date(0), gone: undefined })).toEqual(
      { ok: true, value: { at: '1970-01-01T00:00:00.000Z' } },
    );
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(await schema.validate(cycle)).toMatchObject({ ok: false });
  });
});
