import type {
  ContentBlock,
  GetPromptResult,
  PromptMessage,
} from '@modelcontextprotocol/sdk/types.js';
import { INVALID_MESSAGES } from '../mcp.messages.js';
import { isBlock, isBlockList, isRecord } from './result-shape.js';

/**
 * What a prompt returned, as the protocol has it: a result or messages as they
 * are, a string or content as what the user says.
 *
 * @param place class and method, for messages
 * @throws TypeError for a value that is none of these
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/prompts#data-types
 */
export function toPromptResult(value: unknown, place: string): GetPromptResult {
  if (isRecord(value) && isMessageList(value.messages)) {
    return value as unknown as GetPromptResult;
  }
  const messages = toMessages(value);
  if (!messages) throw new TypeError(INVALID_MESSAGES(place));
  return { messages };
}

function toMessages(value: unknown): PromptMessage[] | undefined {
  if (typeof value === 'string')
    return [fromUser({ type: 'text', text: value })];
  if (isMessage(value)) return [value];
  if (isMessageList(value)) return value;
  if (isBlock(value)) return [fromUser(value)];
  return isBlockList(value) ? value.map(fromUser) : undefined;
}

function fromUser(content: ContentBlock): PromptMessage {
  return { role: 'user', content };
}

function isMessageList(value: unknown): value is PromptMessage[] {
  return Array.isArray(value) && value.every(isMessage);
}

function isMessage(value: unknown): value is PromptMessage {
  return (
    isRecord(value) &&
    (value.role === 'user' || value.role === 'assistant') &&
    isBlock(value.content)
  );
}
