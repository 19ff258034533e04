import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import { UNKNOWN_CURSOR } from '../mcp.messages.js';

const PREFIX = 'after:';

/** A part of a list, and where the next part begins. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

/**
 * The part of a sorted list that a cursor asks for. A cursor names the item
 * before it, so that entries may come and go between two requests.
 *
 * @param size items on a page
 * @throws JsonRpcError for a cursor that is not one of ours
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/pagination
 */
export function pageOf<Item>(
  sorted: readonly Item[],
  keyOf: (item: Item) => string,
  cursor: unknown,
  size: number,
): Page<Item> {
  const last = cursor === undefined ? undefined : decode(cursor);
  const rest =
    last === undefined ? sorted : sorted.filter((item) => keyOf(item) > last);
  if (rest.length <= size) return { items: rest };
  const items = rest.slice(0, size);
  return { items, nextCursor: encode(keyOf(items.at(-1)!)) };
}

function encode(key: string): string {
  return Buffer.from(PREFIX + key).toString('base64url');
}

function decode(cursor: unknown): string {
  const text =
    typeof cursor === 'string' ? Buffer.from(cursor, 'base64url') : '';
  const key = text.toString().slice(PREFIX.length);
  if (encode(key) === cursor) return key;
  throw new JsonRpcError(JsonRpcErrorCode.InvalidParams, UNKNOWN_CURSOR);
}
