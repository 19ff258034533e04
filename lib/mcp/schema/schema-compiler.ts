import type { ValidateFunction } from 'ajv';
import { Ajv2020, MissingRefError } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonSchemaObject } from './input-schema.interface.js';
import { SchemaDefinitionError } from './schema-definition.error.js';
import { DefinitionMessages } from './schema.messages.js';

/** Collecting every error of a large input would cost quadratic time. */
const MAX_SIZE_FOR_ALL_ERRORS = 2_000;

/** The check of one document. Fills defaults into the data it is given. */
export type DocumentCheck = (data: object, size: number) => CheckResult;

export type CheckResult = readonly NonNullable<
  ValidateFunction['errors']
>[number][];

// Shared by all schemas. They never load a schema by its address: there is no
// `loadSchema`, and a compiled document is not remembered under its `$id`.
const first = createAjv(false);
const all = createAjv(true);

/** Compiles a document, once, at boot. */
export function compileDocument(document: JsonSchemaObject): DocumentCheck {
  const findFirst = compile(first, document);
  const findAll = compile(all, document);
  return (data, size) => {
    const validate = size > MAX_SIZE_FOR_ALL_ERRORS ? findFirst : findAll;
    return validate(data) ? [] : (validate.errors ?? []);
  };
}

function compile(ajv: Ajv2020, document: JsonSchemaObject): ValidateFunction {
  try {
    const validate = ajv.compile(document);
    // Another document may use the same `$id`, and none may refer to this one.
    ajv.removeSchema(document);
    return validate;
  } catch (cause) {
    if (cause instanceof MissingRefError) {
      throw new SchemaDefinitionError(
        'schema_remote_reference',
        DefinitionMessages.remoteReference(cause.missingRef),
        { cause },
      );
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SchemaDefinitionError(
      'schema_document_invalid',
      DefinitionMessages.invalidDocument(reason),
      { cause },
    );
  }
}

function createAjv(allErrors: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors,
    strict: false,
    logger: false,
    useDefaults: true,
    // A property that every object inherits is not one the caller sent.
    ownProperties: true,
  });
  addFormats.default(ajv);
  return ajv;
}
