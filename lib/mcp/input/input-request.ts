import { parseSecureUrl } from '../../oauth/secure-url.js';
import { toFormSchema } from './form-schema.js';

/**
 * Something to ask the client before a call can be answered.
 *
 * @publicApi
 */
export interface InputRequest {
  readonly method:
    'elicitation/create' | 'sampling/createMessage' | 'roots/list';
  readonly params?: Readonly<Record<string, unknown>>;
}

/**
 * A client's answer to one {@link InputRequest}. It comes from outside: an
 * `action` and a `content` are what the client says the user did.
 *
 * @publicApi
 */
export interface InputResponse {
  readonly action?: unknown;
  readonly content?: unknown;
  readonly [member: string]: unknown;
}

/**
 * What a call needs before it can be answered.
 *
 * @publicApi
 */
export interface InputRequirement {
  /** What to ask, by a key of your choice. The answers come under the same. */
  readonly requests?: Readonly<Record<string, InputRequest>>;
  /**
   * Anything JSON to find again in the next round, which knows nothing of this
   * one otherwise but what the client answered. A client of revision 2026-07-28
   * carries it, sealed, and can neither read nor change it.
   */
  readonly state?: unknown;
}

/**
 * Asks the user to fill in a form. Never ask for a password, a key or a
 * payment that way: the client and its model see the answer.
 *
 * @param form.schema JSON Schema of an object whose properties are strings,
 *   numbers, booleans, enums of strings, or lists of such enums. Rules that
 *   clients do not know, such as a pattern, are left out of what is sent.
 * @throws SchemaDefinitionError when it is none
 * @see https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation
 * @publicApi
 */
export function elicitForm(form: {
  readonly message: string;
  readonly schema: Readonly<Record<string, unknown>>;
}): InputRequest {
  const { message, schema } = form;
  return {
    method: 'elicitation/create',
    params: { mode: 'form', message, requestedSchema: toFormSchema(schema) },
  };
}

/**
 * Asks the user to open a page, for what must not pass through the client. The
 * page must find out by itself that the user is the one who made the call.
 *
 * @throws InsecureUrlError when it is no URL with https, or with http on a
 *   loopback address
 * @see https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation
 * @publicApi
 */
export function elicitUrl(page: {
  readonly message: string;
  readonly url: string;
}): InputRequest {
  const { message, url } = page;
  parseSecureUrl(url);
  return {
    method: 'elicitation/create',
    params: { mode: 'url', message, url },
  };
}

/**
 * Asks the client's model for a message.
 *
 * @deprecated The protocol phases sampling out.
 * @publicApi
 */
export function requestSampling(
  params: Readonly<Record<string, unknown>>,
): InputRequest {
  return { method: 'sampling/createMessage', params };
}

/**
 * Asks the client for the folders it works in.
 *
 * @deprecated The protocol phases roots out.
 * @publicApi
 */
export function requestRoots(): InputRequest {
  return { method: 'roots/list' };
}
