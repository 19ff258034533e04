import { readMembers, type ClassMember } from './class-members.js';
import type { ClassPeers } from './class-peers.js';
import {
  SchemaDefinitionError,
  type SchemaDefinitionErrorCode,
} from './schema-definition.error.js';
import type {
  SchemaClass,
  SchemaDirection,
} from './schema-source.interface.js';
import { DefinitionMessages } from './schema.messages.js';

export interface InspectedClass {
  readonly members: readonly ClassMember[];
  /** A new instance: what its properties are when the caller says nothing. */
  readonly instance: Readonly<Record<string, unknown>>;
}

const DATE_RULES = ['isDate', 'minDate', 'maxDate'];

/** Reads a class, and refuses one that could not accept any input. */
export function inspectClass(
  target: SchemaClass,
  peers: ClassPeers,
  direction: SchemaDirection,
): InspectedClass {
  const { name } = target;
  if (name === '')
    refuse('schema_class_unusable', DefinitionMessages.classUnnamed);
  const members = readMembers(target, peers);
  if (members.length === 0) {
    refuse('schema_class_unusable', DefinitionMessages.classNotDecorated(name));
  }
  const instance = construct(target);
  if (direction === 'input') {
    refuseUndecorated(name, members, instance);
    refuseUntypedDates(target, members, peers);
  }
  return { members, instance };
}

function construct(target: SchemaClass): Record<string, unknown> {
  try {
    return new target() as Record<string, unknown>;
  } catch (cause) {
    throw new SchemaDefinitionError(
      'schema_class_unusable',
      DefinitionMessages.classNotConstructible(target.name),
      { cause },
    );
  }
}

/** Such a property would count as sent by the caller, and as unknown. */
function refuseUndecorated(
  name: string,
  members: readonly ClassMember[],
  instance: object,
): void {
  for (const property of Object.keys(instance)) {
    if (!members.some((member) => member.property === property)) {
      refuse(
        'schema_property_unusable',
        DefinitionMessages.propertyNotDecorated(name, property),
      );
    }
  }
}

/** Without a conversion the rule would see a string, and refuse it. */
function refuseUntypedDates(
  target: SchemaClass,
  members: readonly ClassMember[],
  { transformer, transformStorage }: ClassPeers,
): void {
  const { PLAIN_TO_CLASS } = transformer.TransformationType;
  for (const { property, ruleNames } of members) {
    const isConverted =
      transformStorage.findTypeMetadata(target, property) !== undefined ||
      transformStorage.findTransformMetadatas(target, property, PLAIN_TO_CLASS)
        .length > 0;
    if (!isConverted && DATE_RULES.some((rule) => ruleNames.has(rule))) {
      refuse(
        'schema_property_unusable',
        DefinitionMessages.dateTypeMissing(target.name, property),
      );
    }
  }
}

function refuse(code: SchemaDefinitionErrorCode, message: string): never {
  throw new SchemaDefinitionError(code, message);
}
