import type { InputIssue } from './input-schema.interface.js';
import { createIssue } from './issue.js';
import type { SchemaClass } from './schema-source.interface.js';
import { IssueMessages } from './schema.messages.js';

/** What the document says of a property and class-validator does not check. */
export interface MemberShape {
  readonly property: string;
  readonly required: boolean;
  readonly list: boolean;
  readonly nested: boolean;
}

export type ClassShape = readonly MemberShape[];

/**
 * Checks the shape of a valid instance.
 *
 * class-validator accepts one value where `each` announces a list, a list
 * where `@ValidateNested()` announces an object, and nothing at all for a
 * nested object. A handler that trusts its types would fail on each of them.
 */
export function findShapeIssues(
  instance: object,
  shapes: ReadonlyMap<SchemaClass, ClassShape>,
  path: readonly PropertyKey[] = [],
): InputIssue[] {
  const shape = shapes.get(instance.constructor as SchemaClass) ?? [];
  return shape.flatMap((member) => {
    const value: unknown = Reflect.get(instance, member.property);
    const memberPath = [...path, member.property];
    const message = describeMismatch(member, value);
    if (message !== undefined) return [createIssue(memberPath, message)];
    if (!member.nested || value == null) return [];
    const entries = isIterableList(value)
      ? [...value].map((item, index) => [[...memberPath, index], item] as const)
      : [[memberPath, value] as const];
    return entries.flatMap(([itemPath, item]) =>
      isIterableList(item)
        ? [createIssue(itemPath, IssueMessages.objectExpected)]
        : findShapeIssues(item as object, shapes, itemPath),
    );
  });
}

function describeMismatch(
  { required, list, nested }: MemberShape,
  value: unknown,
): string | undefined {
  if (value === undefined) {
    return required ? IssueMessages.required : undefined;
  }
  if (value === null || value instanceof Map) return undefined;
  if (list && !isIterableList(value)) return IssueMessages.arrayExpected;
  if (nested && !list && isIterableList(value)) {
    return IssueMessages.objectExpected;
  }
  return undefined;
}

function isIterableList(value: unknown): value is Iterable<unknown> {
  return Array.isArray(value) || value instanceof Set;
}
