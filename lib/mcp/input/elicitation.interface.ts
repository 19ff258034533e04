import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { SchemaSource } from '../schema/schema-source.interface.js';

/**
 * What a field of a form may hold, where no schema says more.
 *
 * @publicApi
 */
export type FormValue = string | number | boolean | readonly string[];

/**
 * What a form is declared with: a Standard Schema (Zod, Valibot, ArkType), a
 * class with class-validator decorators, or a JSON Schema. Forms are flat:
 * strings, numbers, booleans, enums of strings and lists of such enums.
 *
 * @publicApi
 */
export type FormSource = NonNullable<SchemaSource>;

/**
 * What the fields of a form hold once they are checked.
 *
 * @publicApi
 */
export type FormContent<Source> = Source extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<Source>
  : Source extends new (...args: never[]) => infer Instance
    ? Instance
    : Readonly<Record<string, FormValue>>;

/**
 * A form for the user to fill in. Never ask for a password, a key or a payment
 * that way: the client and its model see the answer. Use a page for that.
 *
 * @publicApi
 */
export interface FormElicitation<Source extends FormSource = FormSource> {
  /** Why it is asked, for the user to read. */
  readonly message: string;
  readonly schema: Source;
}

/**
 * A page for the user to open, for what must not pass through the client. The
 * page must find out by itself that the user is the one who made the call, and
 * its URL must not sign anybody in.
 *
 * @publicApi
 */
export interface UrlElicitation {
  /** Why it is to be opened, for the user to read. */
  readonly message: string;
  /** With https; http is allowed on a loopback address. */
  readonly url: string;
}

/**
 * What the user did with a form: filled it in, said no, or closed it.
 *
 * @publicApi
 */
export type FormAnswer<Content> =
  | { readonly action: 'accept'; readonly content: Content }
  | {
      readonly action: 'decline' | 'cancel';
      readonly content?: undefined;
    };

/**
 * What the user did with a page. `accept` means that it is being opened, not
 * that anything on it is done.
 *
 * @publicApi
 */
export interface UrlAnswer {
  readonly action: 'accept' | 'decline' | 'cancel';
}
