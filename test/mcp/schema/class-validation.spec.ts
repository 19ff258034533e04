import { Transform, Type } from 'class-transformer';
import {
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  ValidateNested,
} from 'class-validator';
import { describe, expect, it } from 'vitest';
import { createInputSchema } from '../../../lib/mcp/schema/input-schema.factory.js';
import {
  Address,
  Color,
  Derived,
  Formats,
  Level,
  Meeting,
  Order,
  Tree,
} from './class-fixtures.js';

class Shapes {
  @IsOptional() @ValidateNested() @Type(() => Address) one?: Address;
  @IsOptional() @IsString({ each: true }) names?: string[];
}

class Loose {
  @IsOptional() @IsObject() meta?: Record<string, unknown>;
}

class Trimmed {
  @Transform(({ value }) => (value as string).trim())
  @IsString()
  text: string;
}

class Custom {
  @Matches(/^\d+$/, { message: 'pin "$value" is wrong' })
  pin: string;

  @IsNumber({}, { message: () => 'no amount' })
  amount: number = 0;
}

const order = {
  address: { street: 'Main' },
  color: 'red',
  level: 1,
  picks: [],
  id: '7f1c9a4e-3c0b-4d6f-8a55-0d2c5b8e9f10',
};

describe('the check of a class', () => {
  it('gives the handler an instance with its defaults', async () => {
    const schema = await createInputSchema(Order);
    const outcome = await schema.validate({
      ...order,
      others: [{ street: 'B' }],
    });
    expect(outcome).toMatchObject({ ok: true });
    const { value } = outcome as { value: Order };
    expect(value).toBeInstanceOf(Order);
    expect(value.quantity).toBe(1);
    expect(value.address).toBeInstanceOf(Address);
    expect(value.others?.[0]).toBeInstanceOf(Address);
  });

  it('makes a date of a string', async () => {
    const schema = await createInputSchema(Formats);
    const outcome = await schema.validate({ date: '2026-01-01T00:00:00Z' });
    expect(outcome).toMatchObject({ value: { date: new Date('2026-01-01') } });
  });

  it.each([
    [Order, { ...order, others: [{}] }, 'others[0].street', /^must be longer/],
    [Order, { ...order, others: ['x'] }, 'others[0]', /^must be either object/],
    [Order, { ...order, extra: 1 }, 'extra', /^is not allowed$/],
    [
      Order,
      { ...order, address: { street: 'a', x: 1 } },
      'address.x',
      /^is not allowed$/,
    ],
    [Order, { ...order, address: undefined }, 'address', /^is required$/],
    [
      Order,
      { ...order, quantity: 11 },
      'quantity',
      /^must not be greater than 10$/,
    ],
    [Order, { ...order, picks: ['z'] }, 'picks', /^each value must be one of/],
    [
      Order,
      { ...order, color: 'blue' },
      'color',
      /^must be one of the following/,
    ],
    [
      Meeting,
      { attendees: [{ email: 'x' }] },
      'attendees[0].email',
      /^must be an email$/,
    ],
    [
      Meeting,
      { attendees: [{ email: 'a@b.co' }, null] },
      'attendees[1]',
      /^must be either/,
    ],
    [
      Tree,
      { name: 'a', children: [{ name: 'b', children: [{ name: 3 }] }] },
      'children[0].children[0].name',
      /^must be a string$/,
    ],
    [Shapes, { one: [{ street: 'a' }] }, 'one', /^must be an object$/],
    [Shapes, { names: 'a' }, 'names', /^must be an array$/],
    [Trimmed, { text: 5 }, '', /^has a value of the wrong type$/],
    [Custom, { pin: 'secret' }, 'pin', /^"…" is wrong$/],
    [Custom, { pin: '1', amount: 'a' }, 'amount', /^no amount$/],
    [Loose, { hasOwnProperty: 1 }, '', /"hasOwnProperty"/],
    [Loose, { meta: { constructor: 'x' } }, '', /"constructor"/],
    [Loose, JSON.parse('{"__proto__":{"a":1}}'), '', /"__proto__"/],
  ])('%o refuses %j at "%s"', async (source, input: object, path, message) => {
    const schema = await createInputSchema(source);
    const before = JSON.stringify(input);
    const outcome = await schema.validate(input);
    expect(outcome).toEqual({
      ok: false,
      issues: expect.arrayContaining([
        { path, message: expect.stringMatching(message) as string },
      ]) as unknown[],
    });
    expect(JSON.stringify(input)).toBe(before);
    expect(JSON.stringify(outcome)).not.toContain('secret');
    expect(Object.prototype).not.toHaveProperty('a');
  });

  it('reports at most 20 issues, of however many items', async () => {
    const schema = await createInputSchema(Meeting);
    const attendees = Array.from({ length: 20_000 }, () => ({ email: 'x' }));
    const outcome = await schema.validate({ attendees });
    expect(outcome).toMatchObject({ ok: false });
    expect((outcome as { issues: readonly unknown[] }).issues).toHaveLength(20);
  });

  it('accepts inherited properties', async () => {
    const schema = await createInputSchema(Derived);
    await expect(
      schema.validate({ title: 'a', price: 2 }),
    ).resolves.toMatchObject({
      ok: true,
      value: { title: 'a', flag: false, price: 2, tags: ['none'] },
    });
  });

  it('accepts both forms of a numeric enum, as class-validator does', async () => {
    const schema = await createInputSchema(Formats);
    for (const level of [Level.High, 'High']) {
      await expect(
        schema.validate({ level, colors: [Color.Green] }),
      ).resolves.toMatchObject({ ok: true });
    }
  });
});
