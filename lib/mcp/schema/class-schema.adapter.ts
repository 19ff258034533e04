import { ClassDocumentBuilder } from './class-document.builder.js';
import { flattenErrors } from './class-issues.js';
import { loadClassPeers, type ClassPeers } from './class-peers.js';
import { findShapeIssues, type ClassShape } from './class-shape.js';
import { createIssue, failed } from './issue.js';
import { cloneJson } from './json-value.js';
import { createDocumentCheck } from './raw-schema.adapter.js';
import { sealDocument } from './schema-document.js';
import type {
  SchemaAdapter,
  SchemaClass,
  SchemaDirection,
} from './schema-source.interface.js';
import { IssueMessages } from './schema.messages.js';

const VALIDATION = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  // Errors must not carry what the caller sent.
  validationError: { target: false, value: false },
} as const;

/** A class with class-validator decorators: listed and checked by them. */
export async function createClassAdapter(
  source: SchemaClass,
  direction: SchemaDirection,
): Promise<SchemaAdapter> {
  const peers = await loadClassPeers();
  const { document, shapes } = new ClassDocumentBuilder(peers, direction).build(
    source,
  );
  const jsonSchema = sealDocument(document);
  const check =
    direction === 'input'
      ? createInstanceCheck(source, shapes, peers)
      : createResultCheck(createDocumentCheck(jsonSchema, direction), peers);
  return { jsonSchema, check };
}

/** An input becomes an instance, and the instance is validated. */
function createInstanceCheck(
  source: SchemaClass,
  shapes: ReadonlyMap<SchemaClass, ClassShape>,
  { transformer, validator }: ClassPeers,
): SchemaAdapter['check'] {
  return async (input) => {
    let instance: object;
    try {
      // class-transformer may remove properties from what it is given.
      instance = transformer.plainToInstance(source, cloneJson(input));
    } catch {
      // A transform of the application met a type it does not expect.
      return failed([createIssue([], IssueMessages.notConvertible)]);
    }
    const errors = await validator.validate(instance, VALIDATION);
    const issues =
      errors.length > 0
        ? flattenErrors(errors, input)
        : findShapeIssues(instance, shapes);
    return issues.length > 0 ? failed(issues) : { ok: true, value: instance };
  };
}

/**
 * A result must conform to the listed document. An instance is first written
 * the way its class says (`@Expose`, `@Exclude`, `@Transform`).
 */
function createResultCheck(
  check: SchemaAdapter['check'],
  { transformer }: ClassPeers,
): SchemaAdapter['check'] {
  return (result, size) => {
    let plain: object;
    try {
      plain = transformer.instanceToPlain(result);
    } catch {
      return failed([createIssue([], IssueMessages.notJson)]);
    }
    return check(plain, size);
  };
}
