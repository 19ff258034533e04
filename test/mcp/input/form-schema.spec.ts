import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { prepareForm } from '../../../lib/mcp/input/form.js';
import { toFormSchema } from '../../../lib/mcp/input/form-schema.js';
import { elicitForm, elicitUrl } from '../../../lib/mcp/input/input-request.js';

const form = (field: object) => ({
  type: 'object',
  properties: { field },
});
const TITLED = [{ const: 'a', title: 'A' }];
const ENUM = { type: 'string', enum: ['a', 'b'] };

describe('a form', () => {
  it.each([
    { type: 'string', title: 'T', description: 'D', default: 'x' },
    { type: 'string', minLength: 1, maxLength: 2, format: 'date-time' },
    { type: 'number', minimum: 0.5, maximum: 1.5, default: 1 },
    { type: 'integer', title: 'T' },
    { type: 'boolean', default: false },
    ENUM,
    { ...ENUM, enumNames: ['A', 'B'] },
    { type: 'string', oneOf: TITLED, default: 'a' },
    { type: 'array', items: ENUM, minItems: 1, maxItems: 2, default: ['a'] },
    { type: 'array', items: { anyOf: TITLED } },
  ])('has the field %j as it is', (field) => {
    expect(toFormSchema(form(field))).toEqual(form(field));
  });

  it.each([
    [{ type: 'string', pattern: '^a' }, { type: 'string' }],
    [{ type: 'string', format: 'uuid' }, { type: 'string' }],
    [
      { type: 'number', exclusiveMinimum: 0, multipleOf: 2 },
      { type: 'number' },
    ],
    [
      { type: 'array', items: ENUM, uniqueItems: true },
      { type: 'array', items: ENUM },
    ],
    [{ enum: ['a', 'b'] }, ENUM],
  ])('has of the field %j what clients know', (field, known) => {
    expect(toFormSchema(form(field))).toEqual(form(known));
  });

  it('leaves out what says nothing of its fields', () => {
    const document = { ...form({ type: 'boolean' }), required: ['field'] };
    const extra = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      additionalProperties: false,
      title: 'Form',
      $defs: {},
    };
    expect(toFormSchema({ ...document, ...extra })).toEqual(document);
  });

  it.each([
    ['an object', { type: 'object', properties: {} }],
    ['a list of anything', { type: 'array' }],
    ['a list of strings', { type: 'array', items: { type: 'string' } }],
    ['a list of objects', { type: 'array', items: { type: 'object' } }],
    ['a list of numbers', { type: 'array', items: { enum: [1, 2] } }],
    ['a tuple', { type: 'array', items: ENUM, prefixItems: [] }],
    ['nothing', { type: 'null' }],
    ['two types', { type: ['string', 'null'] }],
    ['no type', {}],
    ['no schema', true],
    ['a reference', { $ref: '#/$defs/A' }],
    ['a reference beside a type', { type: 'string', $ref: '#/$defs/A' }],
    ['a union', { anyOf: [{ type: 'string' }, { type: 'number' }] }],
    ['a combination', { type: 'string', allOf: [{ minLength: 1 }] }],
    ['a condition', { type: 'string', if: {} }],
    ['a negation', { type: 'string', not: { const: 'a' } }],
    ['a constant', { type: 'string', const: 'a' }],
    ['an enum of numbers', { type: 'integer', enum: [1, 2] }],
    ['a mixed enum', { type: 'string', enum: ['a', 1] }],
    ['an empty enum', { type: 'string', enum: [] }],
    ['options without a title', { type: 'string', oneOf: [{ const: 'a' }] }],
  ])('cannot have %s', (_what, field) => {
    expect(() => toFormSchema(form(field as object))).toThrow(
      'cannot have the property "field"',
    );
  });

  it.each([
    { type: 'string', format: 'password' },
    { type: 'string', writeOnly: true },
  ])('does not ask for the secret %j', (field) => {
    expect(() => toFormSchema(form(field))).toThrow('elicitUrl()');
  });

  it.each([
    [{ type: 'string' }, 'is an object'],
    [{ type: 'object' }, 'is an object'],
    [{ type: 'object', properties: [] }, 'is an object'],
    [{ ...form(ENUM), oneOf: [] }, 'Leave oneOf out'],
    [{ ...form(ENUM), patternProperties: {} }, 'Leave patternProperties out'],
    [{ ...form(ENUM), $ref: '#/$defs/A' }, 'Leave $ref out'],
  ])('is not %j', (document, message) => {
    expect(() => toFormSchema(document)).toThrow(message);
  });

  it('is checked wherever it is asked with', () => {
    const question = { message: 'M', schema: form({ type: 'object' }) };
    expect(() => elicitForm(question)).toThrow(
      expect.objectContaining({ code: 'schema_form_unsupported' }),
    );
  });

  it('is prepared once', async () => {
    const source = z.object({ a: z.string() });
    expect(await prepareForm(source)).toBe(await prepareForm(source));
  });
});

describe('a page', () => {
  it.each([
    'no url',
    'javascript:alert(1)',
    'http://example.test/',
    'https://ada:secret@example.test/',
    '/relative',
  ])('is not at %s', (url) => {
    expect(() => elicitUrl({ message: 'M', url })).toThrow('must use https');
  });

  it.each(['https://example.test/a?b=c', 'http://localhost:3000/'])(
    'may be at %s',
    (url) => {
      expect(elicitUrl({ message: 'M', url }).params).toEqual({
        mode: 'url',
        message: 'M',
        url,
      });
    },
  );
});
