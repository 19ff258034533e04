import { isPrototypeKey, inspectInput } from './input-guard.js';
import type { JsonSchemaObject } from './input-schema.interface.js';
import { cloneJson, deepFreeze, isPlainRecord } from './json-value.js';
import { SchemaDefinitionError } from './schema-definition.error.js';
import { DefinitionMessages } from './schema.messages.js';

/** The dialect a document is in when it names none. */
export const DEFAULT_DIALECT = 'https://json-schema.org/draft/2020-12/schema';

const LOCAL_DEFINITION = /^#\/\$defs\/([^/~%]+)$/;

/** A frozen copy that is fit to be listed: its root describes an object. */
export function sealDocument(
  document: Readonly<Record<string, unknown>>,
): JsonSchemaObject {
  const { issue } = inspectInput(document, isPrototypeKey);
  if (issue) {
    throw new SchemaDefinitionError(
      'schema_document_invalid',
      DefinitionMessages.invalidDocument(`it ${issue.message}`),
    );
  }
  if (document['type'] !== 'object') {
    throw new SchemaDefinitionError(
      'schema_root_not_object',
      DefinitionMessages.rootNotObject,
    );
  }
  return deepFreeze(cloneJson(document)) as JsonSchemaObject;
}

/** Leaves `$schema` out where it says what is the default anyway. */
export function withoutDefaultDialect(
  document: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { $schema, ...rest } = document;
  return $schema === undefined || $schema === DEFAULT_DIALECT
    ? rest
    : { $schema, ...rest };
}

/**
 * A schema that is registered under a name describes itself as a mere
 * reference. Clients look for `properties` at the root, so the definition is
 * copied there.
 */
export function inlineRootReference(
  document: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { $ref, ...rest } = document;
  const definitions = document['$defs'];
  if (typeof $ref !== 'string' || !isPlainRecord(definitions)) return document;
  const name = LOCAL_DEFINITION.exec($ref)?.[1];
  const definition = name === undefined ? undefined : definitions[name];
  if (!isPlainRecord(definition)) return document;
  const merged = { ...definition, ...rest };
  if (JSON.stringify(merged).includes(JSON.stringify($ref))) return merged;
  return withoutDefinition(merged, definitions, name!);
}

/** Nothing refers to the definition any more: the root has its content. */
function withoutDefinition(
  document: Record<string, unknown>,
  definitions: Record<string, unknown>,
  name: string,
): Record<string, unknown> {
  const { [name]: _inlined, ...others } = definitions;
  const { $defs: _definitions, ...rest } = document;
  return Object.keys(others).length > 0 ? { ...rest, $defs: others } : rest;
}
