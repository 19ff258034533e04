/** A JSON Schema document of an object, in dialect 2020-12. */
export interface JsonSchemaObject {
  readonly type: 'object';
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

/** One thing wrong with an input. */
export interface InputIssue {
  /** Where: `attendees[0].email`, or an empty string for the input itself. */
  readonly path: string;
  readonly message: string;
}

export type InputOutcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly issues: readonly InputIssue[] };

/**
 * What a tool accepts: the document that is listed, and the check that runs on
 * each call. Built once, at boot.
 */
export interface InputSchema {
  readonly jsonSchema: JsonSchemaObject;
  /** Never throws for a bad input; the value is parsed, with defaults filled in. */
  validate(input: unknown): InputOutcome | Promise<InputOutcome>;
}
