import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { endAndDrain } from './drained.js';

/**
 * A message as JSON: a text, or one around bytes that were written before.
 * These may be many, so they are sent from where they are.
 */
export type EncodedMessage = string | FramedBytes;

interface FramedBytes {
  readonly head: string;
  readonly bytes: Buffer;
  readonly tail: string;
}

/** The whole message as one text. */
export function textOf(message: EncodedMessage): string {
  if (typeof message === 'string') return message;
  return message.head + message.bytes.toString() + message.tail;
}

/**
 * Answers with one message as JSON.
 *
 * @param sessionId session to name in the answer
 */
export function sendMessage(
  response: ServerResponse,
  message: EncodedMessage,
  sessionId?: string,
): void {
  const headers: OutgoingHttpHeaders = {
    'content-type': 'application/json',
    'content-length': lengthOf(message),
  };
  if (sessionId !== undefined) headers['mcp-session-id'] = sessionId;
  response.writeHead(200, headers);
  if (typeof message === 'string') {
    endAndDrain(response, message);
    return;
  }
  // Together with the header, in one piece.
  response.cork();
  response.write(message.head);
  response.write(message.bytes);
  endAndDrain(response, message.tail);
}

function lengthOf(message: EncodedMessage): number {
  if (typeof message === 'string') return Buffer.byteLength(message);
  const { head, bytes, tail } = message;
  return Buffer.byteLength(head) + bytes.length + Buffer.byteLength(tail);
}
