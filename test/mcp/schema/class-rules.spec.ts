import { Expose, Type } from 'class-transformer';
import {
  Allow,
  Contains,
  IsInt,
  IsIP,
  IsNotEmpty,
  IsString,
  Matches,
  Max,
  MaxDate,
  Min,
  MinDate,
  registerDecorator,
  ValidateNested,
} from 'class-validator';
import { expect, it } from 'vitest';
import { createInputSchema } from '../../../lib/mcp/schema/input-schema.factory.js';

function IsEven() {
  return (target: object, propertyName: string) => {
    registerDecorator({
      name: 'isEven',
      target: target.constructor,
      propertyName,
      validator: { validate: (value) => Number(value) % 2 === 0 },
    });
  };
}

class Part {
  @IsString() a: string;
}

class Rules {
  // The order of decorators must not matter.
  @Min(1) @Max(9) @IsInt() minFirst: number;
  @IsInt() @Min(1) @Max(9) intFirst: number;
  @IsInt({ each: true }) @Min(1, { each: true }) items: number[];
  @IsNotEmpty() text: string;
  @IsNotEmpty() @IsInt() count: number;
  @IsIP() anyIp: string;
  @IsIP(6) ip6: string;
  @Contains('a.b') contains: string;
  @Matches(/^a+$/i) caseless: string;
  @Matches(new RegExp('^\\-$')) notUnicode: string;
  @Matches('^b+$') text2: string;
  @IsEven() even: number;
  @Allow() anything: unknown;
  @IsString() fallback: string | null = null;
  @MinDate(new Date(0)) @Type(() => Date) min: Date;
  @MaxDate(() => new Date()) @Type(() => Date) max: Date;
  @Expose({ name: 'renamed_part' })
  @ValidateNested()
  @Type(() => Part)
  part: Part;
}

it('corrects single rules', async () => {
  const { jsonSchema } = await createInputSchema(Rules);
  const whole = { type: 'integer', minimum: 1, maximum: 9 };
  expect(jsonSchema.properties).toEqual({
    minFirst: whole,
    intFirst: whole,
    items: { type: 'array', items: { type: 'integer', minimum: 1 } },
    text: { type: 'string', minLength: 1 },
    count: { type: 'integer' },
    anyIp: {
      type: 'string',
      anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }],
    },
    ip6: { type: 'string', format: 'ipv6' },
    contains: { type: 'string', pattern: 'a\\.b' },
    caseless: { type: 'string' },
    notUnicode: { type: 'string' },
    text2: { type: 'string', pattern: '^b+$' },
    even: { type: 'number' },
    anything: {},
    fallback: { type: 'string' },
    min: {
      type: 'string',
      format: 'date-time',
      description: 'Not before 1970-01-01T00:00:00.000Z',
    },
    max: { type: 'string', format: 'date-time' },
    renamed_part: { $ref: '#/$defs/Part' },
  });
  expect(jsonSchema.required).not.toContain('anything');
  expect(jsonSchema.required).toContain('fallback');
});
