import { createSchemaAdapter, isSchemaClass } from './create-schema-adapter.js';
import { inspectInput, isInheritedKey, isPrototypeKey } from './input-guard.js';
import type { InputSchema } from './input-schema.interface.js';
import { createIssue, failed } from './issue.js';
import { isPlainRecord } from './json-value.js';
import type { SchemaOptions, SchemaSource } from './schema-source.interface.js';
import { IssueMessages } from './schema.messages.js';

const NO_INPUT = {
  type: 'object',
  properties: {},
  additionalProperties: false,
};

/**
 * Builds what a tool accepts, at boot. Asynchronous because the packages that
 * a class needs are loaded only when a class is used.
 *
 * @throws {SchemaDefinitionError} when the schema cannot work.
 * @example
 * ```ts
 * const schema = await createInputSchema(z.object({ max: z.int().max(50) }));
 * await schema.validate({ max: 10 }); // { ok: true, value: { max: 10 } }
 * ```
 */
export async function createInputSchema(
  source: SchemaSource,
  options: SchemaOptions = {},
): Promise<InputSchema> {
  const adapter = await createSchemaAdapter(
    source ?? NO_INPUT,
    'input',
    options,
  );
  const isForbiddenKey = isSchemaClass(source)
    ? isInheritedKey
    : isPrototypeKey;
  return {
    jsonSchema: adapter.jsonSchema,
    validate: (input = {}) => {
      if (!isPlainRecord(input)) {
        return failed([createIssue([], IssueMessages.objectExpected)]);
      }
      const { issue, size } = inspectInput(input, isForbiddenKey);
      return issue ? failed([issue]) : adapter.check(input, size);
    },
  };
}
