import type { ValidationMetadata } from 'class-validator/types/metadata/ValidationMetadata.js';
import { RULE_CONVERTERS } from './class-converters.js';
import { isList, type ClassMember } from './class-members.js';
import { inspectClass } from './class-inspection.js';
import { refineProperties, type PropertySchemas } from './class-properties.js';
import type { ClassShape } from './class-shape.js';
import type { ClassPeers } from './class-peers.js';
import { SchemaDefinitionError } from './schema-definition.error.js';
import type {
  SchemaClass,
  SchemaDirection,
} from './schema-source.interface.js';
import { DefinitionMessages } from './schema.messages.js';

export interface ClassDocument {
  readonly document: Record<string, unknown>;
  /** What class-validator does not check by itself, for each class. */
  readonly shapes: ReadonlyMap<SchemaClass, ClassShape>;
}

/**
 * Writes a class and the classes nested in it as one document.
 *
 * class-validator-jsonschema knows a definition by the name of its class, so
 * two classes of one name would become one. Here it describes one class at a
 * time, and the references are ours, by constructor.
 */
export class ClassDocumentBuilder {
  private readonly references = new Map<SchemaClass, string>();
  private readonly pending: SchemaClass[] = [];
  private readonly shapes = new Map<SchemaClass, ClassShape>();
  private readonly definitions: Record<string, unknown> = {};

  constructor(
    private readonly peers: ClassPeers,
    private readonly direction: SchemaDirection,
  ) {}

  build(root: SchemaClass): ClassDocument {
    this.references.set(root, '#');
    const document = this.describe(root);
    for (let next = this.pending.pop(); next; next = this.pending.pop()) {
      const name = this.references.get(next)!.slice('#/$defs/'.length);
      this.definitions[name] = this.describe(next);
    }
    return {
      document:
        this.references.size > 1
          ? { ...document, $defs: this.definitions }
          : document,
      shapes: this.shapes,
    };
  }

  private describe(target: SchemaClass): Record<string, unknown> {
    const { members, instance } = inspectClass(
      target,
      this.peers,
      this.direction,
    );
    const described = this.peers.describer.targetConstructorToSchema(target, {
      classTransformerMetadataStorage: this.peers.transformStorage,
      additionalConverters: {
        ...RULE_CONVERTERS,
        nestedValidation: (rule) => this.referTo(target, members, rule),
      },
    });
    const { properties, required, additionalProperties, ...rest } = described;
    const refined = refineProperties(
      members,
      instance,
      (properties ?? {}) as PropertySchemas,
      required ?? [],
    );
    this.shapes.set(target, toShape(target, members, refined.required));
    return {
      ...rest,
      properties: refined.properties,
      ...(refined.required.length > 0 && { required: refined.required }),
      // An input with an unknown property is refused; only a result may be open.
      additionalProperties:
        this.direction === 'output' ? (additionalProperties ?? false) : false,
    };
  }

  /** A nested class, or a list of them. */
  private referTo(
    target: SchemaClass,
    members: readonly ClassMember[],
    rule: ValidationMetadata,
  ) {
    // The library has already renamed the property as `@Expose` says.
    const member = members.find(({ name }) => name === rule.propertyName)!;
    const type = this.nestedType(target, member.property);
    const reference = { $ref: this.reference(type) };
    return !rule.each && isList(target, member)
      ? { type: 'array' as const, items: reference }
      : reference;
  }

  private nestedType(target: SchemaClass, property: string): SchemaClass {
    const type = this.peers.transformStorage.findTypeMetadata(target, property);
    if (type?.options?.discriminator) {
      throw new SchemaDefinitionError(
        'schema_property_unusable',
        DefinitionMessages.discriminator(target.name, property),
      );
    }
    const nested: unknown = type?.typeFunction?.();
    if (typeof nested !== 'function') {
      throw new SchemaDefinitionError(
        'schema_property_unusable',
        DefinitionMessages.nestedTypeMissing(target.name, property),
      );
    }
    return nested as SchemaClass;
  }

  private reference(type: SchemaClass): string {
    const known = this.references.get(type);
    if (known !== undefined) return known;
    const taken = new Set(this.references.values());
    let reference = `#/$defs/${type.name}`;
    for (let number = 2; taken.has(reference); number++) {
      reference = `#/$defs/${type.name}${number}`;
    }
    this.references.set(type, reference);
    this.pending.push(type);
    return reference;
  }
}

function toShape(
  target: SchemaClass,
  members: readonly ClassMember[],
  required: readonly string[],
): ClassShape {
  return members.map((member) => ({
    property: member.property,
    required: required.includes(member.name),
    list: isList(target, member),
    nested: member.ruleNames.has('nestedValidation'),
  }));
}
