import type {
  StandardJSONSchemaV1,
  StandardSchemaV1,
} from '@standard-schema/spec';
import type {
  InputOutcome,
  JsonSchemaObject,
} from './input-schema.interface.js';

/** A class whose properties carry class-validator decorators. */
export type SchemaClass = new (...args: any[]) => object;

/** A JSON Schema document in dialect 2020-12, written by hand or by a tool. */
export type RawJsonSchema = Readonly<Record<string, unknown>>;

/**
 * A Standard Schema that may also be able to describe itself as JSON Schema.
 *
 * @see https://standardschema.dev/json-schema
 */
export type DescribedStandardSchema = StandardSchemaV1 & {
  readonly '~standard': Partial<Pick<StandardJSONSchemaV1.Props, 'jsonSchema'>>;
};

/**
 * What a schema may be declared with: a Standard Schema, a class with
 * class-validator decorators, a JSON Schema document, or nothing at all. A
 * Standard Schema must be able to describe itself: those of Zod (4.2 or later)
 * and ArkType can, those of Valibot are wrapped with `toStandardJsonSchema()`
 * of `@valibot/to-json-schema`.
 *
 * @example
 * ```ts
 * z.object({ max: z.int().max(50).default(10) });
 * type({ max: 'number.integer <= 50 = 10', '+': 'reject' });
 * toStandardJsonSchema(v.object({ max: v.optional(v.number(), 10) }));
 * ```
 * @see https://standardschema.dev/json-schema
 * @publicApi
 */
export type SchemaSource =
  StandardSchemaV1 | SchemaClass | RawJsonSchema | undefined;

export interface SchemaOptions {
  /** Whose schema it is, for messages: `CalendarTools.listEvents`. */
  readonly owner?: string;
}

/** Which side of a schema: what goes in, or what comes out. */
export type SchemaDirection = 'input' | 'output';

/** What a tool answers with: the document that is listed, and the check of a result. */
export interface OutputSchema {
  readonly jsonSchema: JsonSchemaObject;
  /** Never throws for a bad result; the value is what may be sent. */
  validate(value: unknown): InputOutcome | Promise<InputOutcome>;
}

/**
 * What each kind of source is turned into. The check only ever sees objects
 * that have passed the input guard.
 */
export interface SchemaAdapter {
  readonly jsonSchema: JsonSchemaObject;
  check(value: object, size: number): InputOutcome | Promise<InputOutcome>;
}
