import { toInputIssues } from './document-issues.js';
import type {
  InputOutcome,
  JsonSchemaObject,
} from './input-schema.interface.js';
import { failed } from './issue.js';
import { cloneJson } from './json-value.js';
import { toJsonResult } from './json-result.js';
import { refuseRemoteReferences } from './schema-references.js';
import { compileDocument, type DocumentCheck } from './schema-compiler.js';
import { SchemaDefinitionError } from './schema-definition.error.js';
import { DEFAULT_DIALECT, sealDocument } from './schema-document.js';
import type {
  RawJsonSchema,
  SchemaAdapter,
  SchemaDirection,
} from './schema-source.interface.js';
import { DefinitionMessages } from './schema.messages.js';

/** A JSON Schema document: listed as it is, checked with Ajv. */
export function createRawAdapter(
  source: RawJsonSchema,
  direction: SchemaDirection,
): SchemaAdapter {
  const jsonSchema = sealDocument(source);
  refuseOtherDialects(jsonSchema);
  refuseRemoteReferences(jsonSchema);
  return { jsonSchema, check: createDocumentCheck(jsonSchema, direction) };
}

/** The check of a value against a document, for any adapter that has one. */
export function createDocumentCheck(
  jsonSchema: JsonSchemaObject,
  direction: SchemaDirection,
): SchemaAdapter['check'] {
  const check = compileDocument(jsonSchema);
  if (direction === 'input') {
    return (value, size) => toOutcome(check, cloneJson(value), size);
  }
  return (value) => {
    const result = toJsonResult(value);
    return result.issue
      ? failed([result.issue])
      : toOutcome(check, result.value, result.size);
  };
}

function toOutcome(
  check: DocumentCheck,
  value: object,
  size: number,
): InputOutcome {
  const errors = check(value, size);
  return errors.length === 0
    ? { ok: true, value }
    : failed(toInputIssues(errors));
}

function refuseOtherDialects(document: JsonSchemaObject): void {
  const dialect = document['$schema'];
  if (dialect !== undefined && dialect !== DEFAULT_DIALECT) {
    throw new SchemaDefinitionError(
      'schema_document_invalid',
      DefinitionMessages.dialect(JSON.stringify(dialect)),
    );
  }
  if ('$async' in document) {
    throw new SchemaDefinitionError(
      'schema_document_invalid',
      DefinitionMessages.asynchronous,
    );
  }
}
