import { createInputSchema } from '../schema/input-schema.factory.js';
import type { InputSchema } from '../schema/input-schema.interface.js';
import type { FormSource } from './elicitation.interface.js';

// Handlers ask in calls, and a schema is dear to prepare. One that is written
// within a handler is another each time, and goes with it.
const prepared = new WeakMap<object, Promise<InputSchema>>();

/**
 * What a form asks for, and the check of its answer.
 *
 * @throws SchemaDefinitionError
 */
export function prepareForm(source: FormSource): Promise<InputSchema> {
  let schema = prepared.get(source);
  if (!schema) {
    schema = createInputSchema(source);
    prepared.set(source, schema);
  }
  return schema;
}
