import { isPlainRecord } from '../schema/json-value.js';

/** One field of a form, in the subset of JSON Schema that clients know. */
export type FormField = Readonly<Record<string, unknown>>;

const LABELS = ['type', 'title', 'description', 'default'];
const NUMBER = [...LABELS, 'minimum', 'maximum'];
const TEXT = [...LABELS, 'minLength', 'maxLength', 'format'];
// `enumNames` are the titles of an enum from before there was `oneOf`.
const CHOICE = ['enum', 'enumNames', 'oneOf'];

/** What clients understand of a field, by its type. */
const KEYWORDS = new Map(
  Object.entries({
    string: [...TEXT, ...CHOICE],
    number: NUMBER,
    integer: NUMBER,
    boolean: LABELS,
    array: [...LABELS, 'minItems', 'maxItems', 'items'],
  }),
);

const FORMATS: readonly unknown[] = ['email', 'uri', 'date', 'date-time'];

/** Without these, a field would ask for something else than it should. */
const INDISPENSABLE = [
  '$ref',
  '$dynamicRef',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'const',
  'enum',
  'prefixItems',
  'contains',
];

/** Whether a field is declared to be for what only its owner may know. */
export function isSecret(schema: unknown): boolean {
  if (!isPlainRecord(schema)) return false;
  return schema['format'] === 'password' || schema['writeOnly'] === true;
}

/**
 * A field with what clients understand of it.
 *
 * @returns `undefined` where that would be another field
 */
export function toField(schema: unknown): FormField | undefined {
  if (!isPlainRecord(schema)) return undefined;
  const type = schema['type'] ?? (isChoice(schema['enum']) ? 'string' : null);
  const keywords = KEYWORDS.get(type as string);
  if (!keywords) return undefined;
  const isLossy = INDISPENSABLE.some(
    (keyword) => keyword in schema && !keywords.includes(keyword),
  );
  if (isLossy || !hasChoices(type, schema)) return undefined;
  const entries = Object.entries({ ...schema, type }).filter(
    ([keyword, value]) =>
      keywords.includes(keyword) &&
      (keyword !== 'format' || FORMATS.includes(value)),
  );
  return Object.fromEntries(entries);
}

/** Whether a list has choices, and all choices are ones a form can give. */
function hasChoices(type: unknown, schema: FormField): boolean {
  const { items, enum: values, oneOf } = schema;
  if (type === 'array') return isPlainRecord(items) && areChoices(items);
  return (
    (values === undefined || isChoice(values)) &&
    (oneOf === undefined || areTitled(oneOf))
  );
}

function areChoices({ type = 'string', enum: values, anyOf }: FormField) {
  return type === 'string' && (isChoice(values) || areTitled(anyOf));
}

function isChoice(values: unknown): boolean {
  if (!Array.isArray(values) || values.length === 0) return false;
  return values.every((value) => typeof value === 'string');
}

function areTitled(options: unknown): boolean {
  if (!Array.isArray(options) || options.length === 0) return false;
  return options.every(
    (option) =>
      isPlainRecord(option) &&
      typeof option['const'] === 'string' &&
      typeof option['title'] === 'string',
  );
}
