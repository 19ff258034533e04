import { Type } from 'class-transformer';
import { IsDate, IsString, ValidateNested } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createInputSchema } from '../../../lib/mcp/schema/input-schema.factory.js';
import { SchemaDefinitionError } from '../../../lib/mcp/schema/schema-definition.error.js';
import type { SchemaSource } from '../../../lib/mcp/schema/schema-source.interface.js';

class Bare {}

class Untyped {
  @ValidateNested() child: object;
}

class BareChild {
  @ValidateNested() @Type(() => Bare) child: Bare;
}

class Undecorated {
  @IsString() a: string;
  b = 1;
}

class UntypedDate {
  @IsDate() day: Date;
}

class Demanding {
  @IsString() a: string;
  constructor(given: { a: string }) {
    this.a = given.a;
  }
}

class Discriminated {
  @ValidateNested()
  @Type(() => Bare, {
    discriminator: { property: 'kind', subTypes: [{ value: Bare, name: 'a' }] },
  })
  child: Bare;
}

const unnamed = (() => {
  const holder = [
    class {
      a: string;
    },
  ];
  IsString()(holder[0]!.prototype, 'a');
  return holder[0];
})();

const vendor = (name: string, jsonSchema?: object) =>
  ({
    '~standard': {
      version: 1,
      vendor: name,
      validate: (value: unknown) => ({ value }),
      jsonSchema,
    },
  }) as unknown as SchemaSource;

const nested = (levels: number): Record<string, unknown> =>
  levels === 0 ? {} : { type: 'object', properties: { a: nested(levels - 1) } };

describe('a schema that cannot work is refused at boot', () => {
  it.each<[string, unknown, string, RegExp]>([
    ['a string', 'x', 'schema_source_unsupported', /neither a Standard Schema/],
    ['an array', [], 'schema_source_unsupported', /neither/],
    ['an arrow function', () => ({}), 'schema_source_unsupported', /neither/],
    [
      'fields of Zod',
      { a: z.string() },
      'schema_source_unsupported',
      /z\.object/,
    ],
    ['Zod string', z.string(), 'schema_root_not_object', /"type": "object"/],
    [
      'Zod union',
      z.union([z.object({}), z.object({ a: z.string() })]),
      'schema_root_not_object',
      /Wrap/,
    ],
    [
      'Zod date',
      z.object({ a: z.date() }),
      'schema_not_representable',
      /Date cannot.*date-time/,
    ],
    [
      'Zod bigint',
      z.object({ a: z.bigint() }),
      'schema_not_representable',
      /BigInt/,
    ],
    [
      'plain Valibot',
      vendor('valibot'),
      'schema_description_unavailable',
      /toStandardJsonSchema/,
    ],
    [
      'another vendor',
      vendor('acme'),
      'schema_description_unavailable',
      /of acme/,
    ],
    ['Zod 3', vendor('zod'), 'schema_description_unavailable', /Install zod 4/],
    ['raw without type', { properties: {} }, 'schema_root_not_object', /Wrap/],
    ['raw array', { type: 'array' }, 'schema_root_not_object', /Wrap/],
    [
      'raw with an invalid keyword',
      { type: 'object', properties: 5 },
      'schema_document_invalid',
      /properties/,
    ],
    [
      'raw with a broken pattern',
      { type: 'object', properties: { a: { pattern: '(' } } },
      'schema_document_invalid',
      /./,
    ],
    [
      'raw in another dialect',
      { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' },
      'schema_document_invalid',
      /draft-07/,
    ],
    [
      'raw with $async',
      { $async: true, type: 'object' },
      'schema_document_invalid',
      /\$async/,
    ],
    ['raw that is too deep', nested(500), 'schema_document_invalid', /deeper/],
    [
      'raw with a remote $ref',
      {
        type: 'object',
        properties: { a: { $ref: 'https://evil.example/x.json' } },
      },
      'schema_remote_reference',
      /evil/,
    ],
    [
      'raw with a remote $dynamicRef',
      {
        type: 'object',
        properties: { a: { $dynamicRef: 'https://evil.example/x#y' } },
      },
      'schema_remote_reference',
      /evil/,
    ],
    [
      'raw with the metaschema',
      {
        type: 'object',
        properties: {
          a: { $ref: 'https://json-schema.org/draft/2020-12/schema' },
        },
      },
      'schema_remote_reference',
      /\$defs/,
    ],
    [
      'raw with a relative $ref',
      { type: 'object', properties: { a: { $ref: 'other.json' } } },
      'schema_remote_reference',
      /other/,
    ],
    [
      'raw with a remote $ref under a data keyword',
      {
        type: 'object',
        properties: { default: { $ref: 'https://evil.example/x' } },
      },
      'schema_remote_reference',
      /evil/,
    ],
    [
      'raw with a dangling $ref',
      { type: 'object', properties: { a: { $ref: '#/$defs/none' } } },
      'schema_remote_reference',
      /none/,
    ],
    [
      'a class without decorators',
      Bare,
      'schema_class_unusable',
      /Bare has no class-validator/,
    ],
    ['a class without a name', unnamed, 'schema_class_unusable', /name/],
    [
      'a class that needs arguments',
      Demanding,
      'schema_class_unusable',
      /without arguments/,
    ],
    [
      'a nested class without decorators',
      BareChild,
      'schema_class_unusable',
      /Bare has no/,
    ],
    [
      'a nested class without a type',
      Untyped,
      'schema_property_unusable',
      /Untyped\.child.*@Type/,
    ],
    [
      'a property without decorators',
      Undecorated,
      'schema_property_unusable',
      /Undecorated\.b/,
    ],
    [
      'a date without a type',
      UntypedDate,
      'schema_property_unusable',
      /UntypedDate\.day/,
    ],
    [
      'a discriminator',
      Discriminated,
      'schema_property_unusable',
      /discriminator/,
    ],
  ])('%s', async (_what, source, code, message) => {
    const error: unknown = await createInputSchema(source as SchemaSource, {
      owner: 'Tools.call',
    }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SchemaDefinitionError);
    expect(error).toMatchObject({
      code,
      message: expect.stringMatching(/^Tools\.call: .*\.$/) as string,
    });
    expect((error as Error).message).toMatch(message);
  });

  it('names no owner when it has none', async () => {
    await expect(createInputSchema(Bare)).rejects.toThrow(/^The class Bare/);
  });
});
