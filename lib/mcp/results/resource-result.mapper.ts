import type {
  BlobResourceContents,
  ReadResourceResult,
  TextResourceContents,
} from '@modelcontextprotocol/sdk/types.js';
import { INVALID_CONTENTS } from '../mcp.messages.js';
import { toJson } from './json-text.js';
import { isContents, isRecord } from './result-shape.js';

type Contents = TextResourceContents | BlobResourceContents;

/** What was read, and by whom. */
export interface ReadFacts {
  readonly uri: string;
  /** Media type the resource was declared with. */
  readonly mimeType: string | undefined;
  /** Class and method, for messages. */
  readonly place: string;
}

/**
 * What a resource returned, as the protocol has it: contents as they are, a
 * string as text, bytes as a blob, any other value as JSON.
 *
 * @returns `undefined` when there is no such resource
 * @throws TypeError for a value that is none of these
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources#resource-contents
 */
export function toResourceResult(
  value: unknown,
  facts: ReadFacts,
): ReadResourceResult | undefined {
  if (value === undefined || value === null) return undefined;
  if (isRecord(value) && Array.isArray(value.contents)) {
    if (value.contents.length === 0) return undefined;
    if (!value.contents.every(isContents)) {
      throw new TypeError(INVALID_CONTENTS(facts.place));
    }
    return value as unknown as ReadResourceResult;
  }
  if (isContents(value)) return { contents: [value as Contents] };
  return { contents: [toContents(value, facts)] };
}

function toContents(value: unknown, { uri, mimeType }: ReadFacts): Contents {
  if (typeof value === 'string') {
    return { uri, mimeType: mimeType ?? 'text/plain', text: value };
  }
  if (value instanceof Uint8Array) {
    const blob = Buffer.from(value).toString('base64');
    return { uri, ...(mimeType && { mimeType }), blob };
  }
  const { json } = toJson(value);
  return { uri, mimeType: mimeType ?? 'application/json', text: json };
}
