import { createSchemaAdapter } from './create-schema-adapter.js';
import { createIssue, failed } from './issue.js';
import { isPlainRecord } from './json-value.js';
import type {
  OutputSchema,
  SchemaOptions,
  SchemaSource,
} from './schema-source.interface.js';
import { IssueMessages } from './schema.messages.js';

/**
 * Builds what a tool's structured result must conform to, at boot.
 *
 * The result comes from the application, not from a caller, so it may hold
 * instances of classes. The outcome's value is what may be sent.
 *
 * @throws {SchemaDefinitionError} when the schema cannot work.
 */
export async function createOutputSchema(
  source: NonNullable<SchemaSource>,
  options: SchemaOptions = {},
): Promise<OutputSchema> {
  const adapter = await createSchemaAdapter(source, 'output', options);
  return {
    jsonSchema: adapter.jsonSchema,
    validate: (value) =>
      isPlainRecord(value)
        ? adapter.check(value, Number.POSITIVE_INFINITY)
        : failed([createIssue([], IssueMessages.objectExpected)]),
  };
}
