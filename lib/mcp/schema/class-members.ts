import 'reflect-metadata';
import type { ValidationMetadata } from 'class-validator/types/metadata/ValidationMetadata.js';
import type { ClassPeers } from './class-peers.js';
import type { SchemaClass } from './schema-source.interface.js';

/** One property of a class, with everything its decorators say. */
export interface ClassMember {
  /** Name in the class. */
  readonly property: string;
  /** Name in JSON: `@Expose({ name })` may change it. */
  readonly name: string;
  readonly rules: readonly ValidationMetadata[];
  /** Names of the rules: `isInt`, `nestedValidation`. */
  readonly ruleNames: ReadonlySet<string>;
}

/** The decorated properties of a class and of those it extends. */
export function readMembers(
  target: SchemaClass,
  { validator, transformStorage }: ClassPeers,
): ClassMember[] {
  const storage = validator.getMetadataStorage();
  const rules = storage.getTargetValidationMetadatas(target, '', true, false);
  const members = new Map<string, ValidationMetadata[]>();
  for (const rule of rules) {
    const known = members.get(rule.propertyName);
    if (known) known.push(rule);
    else members.set(rule.propertyName, [rule]);
  }
  return [...members].map(([property, memberRules]) => ({
    property,
    name:
      transformStorage.findExposeMetadata(target, property)?.options?.name ??
      property,
    rules: memberRules,
    ruleNames: new Set(memberRules.map((rule) => ruleName(rule, storage))),
  }));
}

/** Type the compiler recorded for a property: a class, or `undefined`. */
export function declaredType(target: unknown, property: string): unknown {
  return typeof target === 'function'
    ? Reflect.getMetadata('design:type', target.prototype as object, property)
    : undefined;
}

/** Whether a property holds a list, by its declared type or its rules. */
export function isList(
  target: unknown,
  { property, rules }: Pick<ClassMember, 'property' | 'rules'>,
): boolean {
  const type = declaredType(target, property);
  if (type === Map) return false;
  return type === Array || type === Set || rules.some((rule) => rule.each);
}

/** All rules but a few are custom validators, whose class has the name. */
function ruleName(
  rule: ValidationMetadata,
  storage: ReturnType<ClassPeers['validator']['getMetadataStorage']>,
): string {
  const [constraint] = rule.constraintCls
    ? storage.getTargetValidatorConstraints(rule.constraintCls)
    : [];
  return constraint?.name ?? rule.type;
}
