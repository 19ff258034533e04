import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { describe, expect, it } from 'vitest';
import { createInputSchema } from '../../../lib/mcp/schema/input-schema.factory.js';
import { Derived, Formats, Meeting, Order, Tree } from './class-fixtures.js';

const ADDRESS = {
  type: 'object',
  properties: {
    street: {
      type: 'string',
      minLength: 1,
      maxLength: 50,
      description: 'Street',
    },
    zip: { type: 'string', pattern: '^\\d{5}$' },
  },
  required: ['street'],
  additionalProperties: false,
};

class Part {
  @IsString() a: string;
}

describe('the document of a class', () => {
  it('covers nested classes, enums, defaults and recursion', async () => {
    const { jsonSchema } = await createInputSchema(Order);
    expect(jsonSchema).toEqual({
      type: 'object',
      description: 'An order',
      additionalProperties: false,
      properties: {
        address: { $ref: '#/$defs/Address' },
        others: {
          type: 'array',
          maxItems: 3,
          items: { $ref: '#/$defs/Address' },
        },
        color: { enum: ['red', 'green'], type: 'string' },
        level: { enum: [0, 1], type: 'number' },
        quantity: {
          type: 'integer',
          minimum: 1,
          maximum: 10,
          description: 'How many',
          default: 1,
        },
        picks: { type: 'array', items: { type: 'string', enum: ['x', 'y'] } },
        due: { type: 'string', format: 'date-time' },
        tree: { $ref: '#/$defs/Tree' },
        id: { type: 'string', format: 'uuid' },
      },
      required: ['address', 'color', 'level', 'picks', 'id'],
      $defs: {
        Address: ADDRESS,
        Tree: {
          type: 'object',
          properties: {
            name: { type: 'string' },
            children: { type: 'array', items: { $ref: '#/$defs/Tree' } },
          },
          required: ['name'],
          additionalProperties: false,
        },
      },
    });
  });

  it('refers to itself when the root is recursive', async () => {
    const { jsonSchema } = await createInputSchema(Tree);
    expect(jsonSchema).toEqual({
      type: 'object',
      properties: {
        name: { type: 'string' },
        children: { type: 'array', items: { $ref: '#' } },
      },
      required: ['name'],
      additionalProperties: false,
    });
  });

  it('writes dates, addresses and enums for clients', async () => {
    const { jsonSchema } = await createInputSchema(Formats);
    const dateTime = { type: 'string', format: 'date-time' };
    expect(jsonSchema).toEqual({
      type: 'object',
      properties: {
        dateString: dateTime,
        iso: dateTime,
        date: dateTime,
        url: { type: 'string', format: 'uri' },
        level: { type: 'number', enum: [0, 1] },
        colors: {
          type: 'array',
          items: { type: 'string', enum: ['red', 'green'] },
        },
      },
      additionalProperties: false,
    });
  });

  it('includes inherited properties and their initial values', async () => {
    const { jsonSchema } = await createInputSchema(Derived);
    expect(jsonSchema).toEqual({
      type: 'object',
      properties: {
        title: { type: 'string', maxLength: 5 },
        flag: { type: 'boolean', default: false },
        price: { type: 'number', exclusiveMinimum: 0 },
        tags: {
          type: 'array',
          items: { type: 'string' },
          minItems: 1,
          uniqueItems: true,
          default: ['none'],
        },
      },
      required: expect.arrayContaining(['title', 'price']) as string[],
      additionalProperties: false,
    });
    expect(jsonSchema.required).toHaveLength(2);
  });

  it('keeps two classes of one name apart', async () => {
    const First = (() => {
      class Item {
        @IsString() first: string;
      }
      return Item;
    })();
    const Second = (() => {
      class Item {
        @IsInt() second: number;
      }
      return Item;
    })();
    class Pair {
      @ValidateNested() @Type(() => First) a: InstanceType<typeof First>;
      @ValidateNested() @Type(() => Second) b: InstanceType<typeof Second>;
    }
    const schema = await createInputSchema(Pair);
    expect(schema.jsonSchema).toMatchObject({
      properties: {
        a: { $ref: '#/$defs/Item' },
        b: { $ref: '#/$defs/Item2' },
      },
    });
    expect(schema.jsonSchema['$defs']).toEqual({
      Item: {
        type: 'object',
        properties: { first: { type: 'string' } },
        required: ['first'],
        additionalProperties: false,
      },
      Item2: {
        type: 'object',
        properties: { second: { type: 'integer' } },
        required: ['second'],
        additionalProperties: false,
      },
    });
    await expect(
      schema.validate({ a: { first: 'x' }, b: { second: 1 } }),
    ).resolves.toMatchObject({ ok: true });
    await expect(
      schema.validate({ a: { second: 1 }, b: { first: 'x' } }),
    ).resolves.toMatchObject({ ok: false });
  });

  it('describes a list of nested objects without `each` as a list', async () => {
    class Lines {
      @ValidateNested()
      @Type(() => Part)
      lines: Part[];
    }
    const { jsonSchema } = await createInputSchema(Lines);
    expect(jsonSchema.properties).toEqual({
      lines: { type: 'array', items: { $ref: '#/$defs/Part' } },
    });
  });

  it('lets a decorator of the application have the last word', async () => {
    class Day {
      @IsOptional()
      @IsString()
      @JSONSchema({ format: 'date', default: '2026-01-01' })
      day: string;
    }
    const { jsonSchema } = await createInputSchema(Day);
    expect(jsonSchema.properties).toEqual({
      day: { type: 'string', format: 'date', default: '2026-01-01' },
    });
  });

  it('is the same for each call, and frozen through and through', async () => {
    const one = await createInputSchema(Meeting);
    const two = await createInputSchema(Meeting);
    expect(one.jsonSchema).toEqual(two.jsonSchema);
    expect(Object.isFrozen(one.jsonSchema.properties)).toBe(true);
    expect(Object.isFrozen(one.jsonSchema.properties?.['attendees'])).toBe(
      true,
    );
  });
});
