import { isPlainRecord } from '../schema/json-value.js';
import { SchemaDefinitionError } from '../schema/schema-definition.error.js';
import { isSecret, toField, type FormField } from './form-field.js';
import { InputDefinitionMessages } from './input.messages.js';

/** The JSON Schema of a form, as much of it as clients understand. */
export interface FormSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, FormField>>;
  readonly required?: readonly string[];
}

/** Keywords of an object that say more than which properties it has. */
const COMBINATIONS = [
  '$ref',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'patternProperties',
  'dependentSchemas',
];

/**
 * The form a document describes. Rules that clients do not know, such as a
 * pattern, are left out; whoever reads the answer checks it against the
 * document.
 *
 * @throws SchemaDefinitionError when it is no form
 * @see https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#requested-schema
 */
export function toFormSchema(
  document: Readonly<Record<string, unknown>>,
): FormSchema {
  const { type, properties, required } = document;
  if (type !== 'object' || !isPlainRecord(properties)) {
    throw unsupported(InputDefinitionMessages.notAnObject);
  }
  const keyword = COMBINATIONS.find((name) => name in document);
  if (keyword !== undefined) {
    throw unsupported(InputDefinitionMessages.notFlat(keyword));
  }
  const fields = Object.entries(properties).map(
    ([name, schema]) => [name, fieldOf(name, schema)] as const,
  );
  return {
    type: 'object',
    properties: Object.fromEntries(fields),
    ...(Array.isArray(required) && { required: required as string[] }),
  };
}

function fieldOf(name: string, schema: unknown): FormField {
  if (isSecret(schema)) throw unsupported(InputDefinitionMessages.secret(name));
  const field = toField(schema);
  if (!field) throw unsupported(InputDefinitionMessages.notAField(name));
  return field;
}

function unsupported(message: string): SchemaDefinitionError {
  return new SchemaDefinitionError('schema_form_unsupported', message);
}
