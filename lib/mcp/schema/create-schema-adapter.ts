import { createClassAdapter } from './class-schema.adapter.js';
import { isPlainRecord } from './json-value.js';
import { createRawAdapter } from './raw-schema.adapter.js';
import { SchemaDefinitionError } from './schema-definition.error.js';
import type {
  DescribedStandardSchema,
  SchemaAdapter,
  SchemaClass,
  SchemaDirection,
  SchemaOptions,
  SchemaSource,
} from './schema-source.interface.js';
import { DefinitionMessages } from './schema.messages.js';
import { createStandardAdapter } from './standard-schema.adapter.js';

/** Picks the adapter for a source. */
export async function createSchemaAdapter(
  source: SchemaSource,
  direction: SchemaDirection,
  options: SchemaOptions,
): Promise<SchemaAdapter> {
  try {
    return await adapt(source, direction);
  } catch (error) {
    throw error instanceof SchemaDefinitionError && options.owner !== undefined
      ? error.ownedBy(options.owner)
      : error;
  }
}

/** Only a class refuses the names that every object has. */
export function isSchemaClass(source: unknown): source is SchemaClass {
  return (
    typeof source === 'function' &&
    !isStandardSchema(source) &&
    isPlainRecord(source.prototype)
  );
}

async function adapt(
  source: SchemaSource,
  direction: SchemaDirection,
): Promise<SchemaAdapter> {
  if (isStandardSchema(source)) return createStandardAdapter(source, direction);
  if (isSchemaClass(source)) return createClassAdapter(source, direction);
  if (!isPlainRecord(source)) {
    throw new SchemaDefinitionError(
      'schema_source_unsupported',
      DefinitionMessages.unsupportedSource,
    );
  }
  if (Object.values(source).some(isStandardSchema)) {
    throw new SchemaDefinitionError(
      'schema_source_unsupported',
      DefinitionMessages.recordOfSchemas,
    );
  }
  return createRawAdapter(source, direction);
}

/** A Standard Schema is an object, or (ArkType) a function. */
function isStandardSchema(source: unknown): source is DescribedStandardSchema {
  if (typeof source !== 'function' && !isPlainRecord(source)) return false;
  const standard: unknown = Reflect.get(source, '~standard');
  return isPlainRecord(standard) && typeof standard['validate'] === 'function';
}
