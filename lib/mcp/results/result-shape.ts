import type {
  CallToolResult,
  ContentBlock,
} from '@modelcontextprotocol/sdk/types.js';

const RESULT_MEMBERS = new Set([
  'content',
  'structuredContent',
  'isError',
  '_meta',
]);

/**
 * Whether a value is a result of the protocol. A page of data may have a
 * member `content` too; when that is empty, nothing else tells them apart.
 */
export function isResult(value: unknown): value is CallToolResult {
  if (!isRecord(value)) return false;
  const { content, structuredContent, isError, _meta } = value;
  if (!Array.isArray(content) || !content.every(isBlock)) return false;
  return (
    (content.length > 0 ||
      Object.keys(value).every((member) => RESULT_MEMBERS.has(member))) &&
    (structuredContent === undefined || isRecord(structuredContent)) &&
    (isError === undefined || typeof isError === 'boolean') &&
    (_meta === undefined || isRecord(_meta))
  );
}

export function isBlockList(value: unknown): value is ContentBlock[] {
  return Array.isArray(value) && value.length > 0 && value.every(isBlock);
}

/** Whether a value is a content block, down to the members one must have. */
export function isBlock(value: unknown): value is ContentBlock {
  if (!isRecord(value)) return false;
  switch (value.type) {
    case 'text':
      return typeof value.text === 'string';
    case 'image':
    case 'audio':
      return (
        typeof value.data === 'string' && typeof value.mimeType === 'string'
      );
    case 'resource':
      return isContents(value.resource);
    case 'resource_link':
      return typeof value.uri === 'string' && typeof value.name === 'string';
    default:
      return false;
  }
}

/** Whether a value is an object that is not an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is the contents of a resource, down to its URI. */
export function isContents(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { uri, text, blob } = value;
  return (
    typeof uri === 'string' &&
    (typeof text === 'string' || typeof blob === 'string')
  );
}
