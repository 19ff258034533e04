import type { StandardSchemaV1 } from '@standard-schema/spec';
import { isPlainRecord } from './json-value.js';
import { SchemaDefinitionError } from './schema-definition.error.js';
import type {
  DescribedStandardSchema,
  SchemaDirection,
} from './schema-source.interface.js';
import { DefinitionMessages } from './schema.messages.js';

type Description = Record<string, unknown>;

/** The JSON Schema of a Standard Schema, in dialect 2020-12. */
export async function describeStandardSchema(
  schema: DescribedStandardSchema,
  direction: SchemaDirection,
): Promise<Description> {
  const { vendor, jsonSchema } = schema['~standard'];
  const describe = jsonSchema
    ? () => jsonSchema[direction]({ target: 'draft-2020-12' })
    : await loadZodDescription(schema, vendor, direction);
  try {
    return describe();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SchemaDefinitionError(
      'schema_not_representable',
      DefinitionMessages.notRepresentable(vendor, reason),
      { cause },
    );
  }
}

/** Zod 4.0 and 4.1 describe a schema through a function, not the schema. */
async function loadZodDescription(
  schema: StandardSchemaV1,
  vendor: string,
  direction: SchemaDirection,
): Promise<() => Description> {
  if (vendor !== 'zod') {
    throw unavailable(DefinitionMessages.noDescription(vendor));
  }
  // A schema of Zod 3, which can stand beside Zod 4 in one application.
  if (!('_zod' in schema)) throw unavailable(DefinitionMessages.zodTooOld);
  const zod: unknown = await import('zod').catch((cause: unknown) => {
    throw unavailable(DefinitionMessages.zodTooOld, cause);
  });
  const convert: unknown = isPlainRecord(zod) ? zod['toJSONSchema'] : undefined;
  if (typeof convert !== 'function') {
    throw unavailable(DefinitionMessages.zodTooOld);
  }
  return () => convert(schema, { io: direction }) as Description;
}

function unavailable(message: string, cause?: unknown): SchemaDefinitionError {
  return new SchemaDefinitionError('schema_description_unavailable', message, {
    cause,
  });
}
