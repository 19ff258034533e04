import type { McpContext } from '../context/mcp-context.js';
import type { InputSchema } from '../schema/input-schema.interface.js';

/** What a handler answers. */
export type McpCallKind =
  'tool' | 'resource' | 'prompt' | 'completion' | 'resource_list';

/** A method of the application that answers calls. */
export interface McpHandler {
  /** Class and method, for messages. */
  readonly place: string;
  /** The method, as guards see it: with its metadata. */
  readonly callback: (...args: any[]) => unknown;
  readonly input: InputSchema;
  /** Runs guards, interceptors, pipes and the method. */
  readonly invoke: (call: McpCall) => Promise<unknown>;
}

/** Something a server offers: listed, called, and protected as one. */
export interface McpEntry extends McpHandler {
  /** What tells it from others of its kind: a name or a URI. */
  readonly key: string;
  /** As it is listed. */
  readonly document: object;
  /** What the caller needs besides the scopes of the resource. */
  readonly scopes: readonly string[];
  /** Milliseconds; `undefined` means the server's default. */
  readonly timeout: number | undefined;
}

/** One call of a handler. */
export interface McpCall {
  readonly kind: McpCallKind;
  readonly entry: McpEntry;
  readonly handler: McpHandler;
  readonly context: McpContext;
  /** The transport's request: what guards get from `switchToHttp()`. */
  readonly request: object;
  /** Arguments as the client sent them. */
  readonly rawInput: unknown;
  /** The resource that is read. */
  readonly uri: string | undefined;
  /**
   * The input, validated at the first use: after the guards, before the
   * grants.
   */
  input(): Promise<unknown>;
}
