import type { ClassMember } from './class-members.js';
import { cloneJson, isJsonValue, isPlainRecord } from './json-value.js';

export type PropertySchemas = Readonly<Record<string, Record<string, unknown>>>;

export interface RefinedProperties {
  readonly properties: Record<string, unknown>;
  readonly required: readonly string[];
}

/** Adds to a described class what only a new instance of it can tell. */
export function refineProperties(
  members: readonly ClassMember[],
  instance: Readonly<Record<string, unknown>>,
  described: PropertySchemas,
  required: readonly string[],
): RefinedProperties {
  const properties: Record<string, unknown> = { ...described };
  const optional = new Set<string>();
  for (const member of members) {
    const schema = described[member.name];
    if (!schema) continue; // left out with @Exclude()
    const initial = instance[member.property];
    const refined = withDefault(withInteger(schema, member), initial);
    properties[member.name] = refined;
    if ('default' in refined || initial != null || isUnchecked(member)) {
      optional.add(member.name);
    }
  }
  return {
    properties,
    required: required.filter((name) => !optional.has(name)),
  };
}

/** The initial value is there, so the caller may leave the property out. */
function withDefault(
  schema: Record<string, unknown>,
  initial: unknown,
): Record<string, unknown> {
  return 'default' in schema || initial == null || !isJsonValue(initial)
    ? schema
    : { ...schema, default: cloneJson(initial) };
}

/** `@Min(1) @IsInt()` says `number` last; the stricter rule must win. */
function withInteger(
  schema: Record<string, unknown>,
  { ruleNames }: ClassMember,
): Record<string, unknown> {
  if (!ruleNames.has('isInt')) return schema;
  if (schema['type'] === 'number') return { ...schema, type: 'integer' };
  const { items } = schema;
  return isPlainRecord(items) && items['type'] === 'number'
    ? { ...schema, items: { ...items, type: 'integer' } }
    : schema;
}

/** `@Allow()` alone lets anything pass, also nothing. */
function isUnchecked({ ruleNames }: ClassMember): boolean {
  return ruleNames.size === 1 && ruleNames.has('whitelistValidation');
}
