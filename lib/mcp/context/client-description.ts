import { isPlainRecord } from '../schema/json-value.js';

/**
 * How a client introduced itself. For logs and compatibility: anybody can say
 * anything.
 *
 * @publicApi
 */
export interface McpClientInfo {
  readonly name: string;
  readonly version: string;
  /** Name to show to people. */
  readonly title?: unknown;
  readonly [member: string]: unknown;
}

/**
 * What a client said it can be asked. A capability that is there may be used;
 * what is in it are its modes, which may be used where they are there.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/schema#clientcapabilities
 * @publicApi
 */
export interface McpClientCapabilities {
  /** Asking its user. Without any mode: by forms. */
  readonly elicitation?: { readonly form?: unknown; readonly url?: unknown };
  /** Asking its model. */
  readonly sampling?: { readonly tools?: unknown; readonly context?: unknown };
  /** Asking for the folders it works in. */
  readonly roots?: { readonly listChanged?: unknown };
  readonly [name: string]: Readonly<Record<string, unknown>> | undefined;
}

/** An introduction; `undefined` for what is none. */
export function toClientInfo(value: unknown): McpClientInfo | undefined {
  if (!isPlainRecord(value)) return undefined;
  const { name, version } = value;
  return typeof name === 'string' && typeof version === 'string'
    ? { ...value, name, version }
    : undefined;
}

/** Capabilities without what is none; `undefined` where nothing was said. */
export function toClientCapabilities(
  value: unknown,
): McpClientCapabilities | undefined {
  if (!isPlainRecord(value)) return undefined;
  const objects = Object.entries(value).filter(
    (entry): entry is [string, Record<string, unknown>] =>
      isPlainRecord(entry[1]),
  );
  return Object.fromEntries(objects);
}
