import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { InputIssue, InputOutcome } from './input-schema.interface.js';
import { createIssue, failed, MAX_ISSUES } from './issue.js';
import { withoutValue } from './issue-redaction.js';
import {
  inlineRootReference,
  sealDocument,
  withoutDefaultDialect,
} from './schema-document.js';
import type {
  DescribedStandardSchema,
  SchemaAdapter,
  SchemaDirection,
} from './schema-source.interface.js';
import { describeStandardSchema } from './standard-schema.description.js';

/** Zod, Valibot, ArkType: the library validates, and describes itself. */
export async function createStandardAdapter(
  source: DescribedStandardSchema,
  direction: SchemaDirection,
): Promise<SchemaAdapter> {
  const description = await describeStandardSchema(source, direction);
  const standard = source['~standard'];
  return {
    jsonSchema: sealDocument(
      inlineRootReference(withoutDefaultDialect(description)),
    ),
    check: (value) => {
      const result = standard.validate(value);
      return result instanceof Promise
        ? result.then((settled) => toOutcome(settled, value))
        : toOutcome(result, value);
    },
  };
}

function toOutcome(
  result: StandardSchemaV1.Result<unknown>,
  input: object,
): InputOutcome {
  return result.issues
    ? failed(
        result.issues
          .slice(0, MAX_ISSUES)
          .map((issue) => toInputIssue(issue, input)),
      )
    : { ok: true, value: result.value };
}

function toInputIssue(
  issue: StandardSchemaV1.Issue,
  input: object,
): InputIssue {
  const segments = (issue.path ?? []).map((segment) =>
    typeof segment === 'object' ? segment.key : segment,
  );
  const message = withoutValue(issue.message, input, segments);
  const found = createIssue(segments, message);
  return { ...found, message: withoutPath(found) };
}

/** ArkType begins its messages with the place, which stands beside them. */
function withoutPath({ path, message }: InputIssue): string {
  return message.startsWith(`${path} must `)
    ? message.slice(path.length + 1)
    : message;
}
