import type { ValidationMetadata } from 'class-validator/types/metadata/ValidationMetadata.js';
import type { targetConstructorToSchema } from 'class-validator-jsonschema';
import { declaredType } from './class-members.js';

/** How class-validator-jsonschema is told to write a rule differently. */
export type RuleConverters = NonNullable<
  NonNullable<
    Parameters<typeof targetConstructorToSchema>[1]
  >['additionalConverters']
>;

const DATE_TIME = { type: 'string', format: 'date-time' } as const;

/**
 * Rules that the library writes in a way that refuses valid input, or that
 * clients do not understand. With `each` the library adds `items` itself.
 */
export const RULE_CONVERTERS: RuleConverters = {
  // A numeric enum also has the names of its values as values.
  isEnum: (rule) => enumSchema(rule.constraints[0] as EnumObject),
  // An unanchored pattern that demands fractions of a second.
  isDateString: DATE_TIME,
  // One format instead of two alternatives.
  isIso8601: DATE_TIME,
  isDate: DATE_TIME,
  // A bound may be a function, and is then not known at boot.
  minDate: (rule) => dateBound('Not before', rule),
  maxDate: (rule) => dateBound('Not after', rule),
  // "url" is not a registered format.
  isUrl: { type: 'string', format: 'uri' },
  isIp: (rule) => ipSchema(rule.constraints[0] as IpVersion),
  // Flags have no place in a document, and dropping them changes the meaning.
  matches: (rule) => {
    const [pattern, modifiers] = rule.constraints as [RegExp | string, string?];
    return patternSchema(new RegExp(pattern, modifiers ?? undefined));
  },
  contains: (rule) => patternSchema(literal(String(rule.constraints[0]))),
  // Only text has a length: a number is not empty either.
  isNotEmpty: (rule) =>
    isDeclaredOther(rule) ? {} : { type: 'string', minLength: 1 },
  // The fallback for rules that are not known: no more than the type.
  customValidation: (rule) => (rule.each ? {} : primitiveSchema(rule)),
};

type IpVersion = '4' | '6' | 4 | 6 | undefined;

type EnumObject = Readonly<Record<string, string | number>>;

function enumSchema(values: EnumObject) {
  const members = Object.entries(values)
    .filter(([key, value]) => !isReverseMapping(values, key, value))
    .map(([, value]) => value);
  const [type, ...others] = new Set(members.map((member) => typeof member));
  // Of mixed types the values say enough.
  return others.length > 0 || type === undefined
    ? { enum: members }
    : { enum: members, type: type as 'string' | 'number' };
}

function isReverseMapping(
  values: EnumObject,
  key: string,
  value: string | number,
): boolean {
  return (
    typeof value === 'string' &&
    String(values[value]) === key &&
    typeof values[value] === 'number'
  );
}

function dateBound(relation: string, rule: ValidationMetadata) {
  const bound: unknown = rule.constraints[0];
  return bound instanceof Date
    ? { ...DATE_TIME, description: `${relation} ${bound.toISOString()}` }
    : DATE_TIME;
}

function ipSchema(version: IpVersion) {
  const type = 'string' as const;
  return version === undefined
    ? { type, anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] }
    : { type, format: `ipv${version}` };
}

function patternSchema(pattern: RegExp) {
  const hasMeaningfulFlags = /[imsv]/.test(pattern.flags);
  return hasMeaningfulFlags || !isUnicodePattern(pattern.source)
    ? ({ type: 'string' } as const)
    : ({ type: 'string', pattern: pattern.source } as const);
}

/** JSON Schema reads patterns as with the flag `u`, which is stricter. */
function isUnicodePattern(source: string): boolean {
  try {
    return new RegExp(source, 'u').source === source;
  } catch {
    return false;
  }
}

function literal(text: string): RegExp {
  return new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
}

function isDeclaredOther(rule: ValidationMetadata): boolean {
  const type = declaredType(rule.target, rule.propertyName);
  return !rule.each && type !== undefined && type !== String;
}

function primitiveSchema(rule: ValidationMetadata) {
  switch (declaredType(rule.target, rule.propertyName)) {
    case String:
      return { type: 'string' } as const;
    case Number:
      return { type: 'number' } as const;
    case Boolean:
      return { type: 'boolean' } as const;
    default:
      return {};
  }
}
