import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { NOT_JSON } from '../mcp.messages.js';
import { toJson } from './json-text.js';
import { isBlock, isBlockList, isRecord, isResult } from './result-shape.js';

/**
 * What a tool returned, as the protocol has it: a result or content blocks as
 * they are, a string as text, any other object as structured content with a
 * text rendering for clients that do not read it.
 *
 * @throws TypeError for a value that is not JSON
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools#tool-result
 */
export function toToolResult(value: unknown): CallToolResult {
  return toProtocolResult(value) ?? toDataResult(value);
}

/** A value that is a result, or part of one, already. */
export function toProtocolResult(value: unknown): CallToolResult | undefined {
  if (isResult(value)) return withJsonContent(value);
  if (isBlock(value)) return { content: [value] };
  if (isBlockList(value)) return { content: value };
  return undefined;
}

/** A tool error: the model reads it, and may correct itself. */
export function toolError(message: string): CallToolResult {
  return { ...text(message), isError: true };
}

/** A value as text, and as structured content where it is an object. */
export function toDataResult(data: unknown): CallToolResult {
  if (data === undefined || data === null) return { content: [] };
  if (typeof data === 'string') return text(data);
  // What is sent is what a `toJSON()` meant to show, whatever that is.
  const { json, value } = toJson(data);
  if (typeof value === 'string') return text(value);
  if (isRecord(value)) return { ...text(json), structuredContent: value };
  return text(json);
}

/** Written here, where what is not JSON can still become a tool error. */
function withJsonContent(result: CallToolResult): CallToolResult {
  if (result.structuredContent === undefined) return result;
  const { value } = toJson(result.structuredContent);
  if (!isRecord(value)) throw new TypeError(NOT_JSON);
  return { ...result, structuredContent: value };
}

function text(value: string): CallToolResult {
  return { content: [{ type: 'text', text: value }] };
}
