import type {
  CallToolResult,
  ContentBlock,
} from '@modelcontextprotocol/sdk/types.js';

const BLOCK_TYPES = new Set([
  'text',
  'image',
  'audio',
  'resource',
  'resource_link',
]);

/**
 * What a tool returned, as the protocol has it: a result or content blocks as
 * they are, a string as text, any other object as structured content with a
 * text rendering for clients that do not read it.
 *
 * @throws TypeError for a value that is not JSON
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools#tool-result
 */
export function toToolResult(value: unknown): CallToolResult {
  if (value === undefined || value === null) return { content: [] };
  if (isResult(value)) return value;
  if (isBlock(value)) return { content: [value] };
  if (isBlockList(value)) return { content: value };
  if (typeof value === 'string') return text(value);
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined) throw new TypeError();
  const isObject = typeof value === 'object' && !Array.isArray(value);
  if (!isObject) return text(json);
  // Parsed again, so that what is sent is what a `toJSON()` meant to show.
  const structuredContent: unknown = JSON.parse(json);
  if (typeof structuredContent !== 'object') return text(json);
  return {
    ...text(json),
    structuredContent: structuredContent as Record<string, unknown>,
  };
}

/** A tool error: the model reads it, and may correct itself. */
export function toolError(message: string): CallToolResult {
  return { ...text(message), isError: true };
}

function text(value: string): CallToolResult {
  return { content: [{ type: 'text', text: value }] };
}

function isResult(value: unknown): value is CallToolResult {
  return (
    isRecord(value) &&
    Array.isArray(value.content) &&
    value.content.every(isBlock)
  );
}

function isBlockList(value: unknown): value is ContentBlock[] {
  return Array.isArray(value) && value.length > 0 && value.every(isBlock);
}

function isBlock(value: unknown): value is ContentBlock {
  if (!isRecord(value) || !BLOCK_TYPES.has(value.type as string)) return false;
  switch (value.type) {
    case 'text':
      return typeof value.text === 'string';
    case 'resource':
      return isRecord(value.resource);
    case 'resource_link':
      return typeof value.uri === 'string';
    default:
      return (
        typeof value.data === 'string' && typeof value.mimeType === 'string'
      );
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
