import { createHash } from 'node:crypto';
import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import { inspectInput, MAX_DEPTH } from '../schema/input-guard.js';
import { isObject } from '../transport/message-classifier.js';
import type { McpRequest } from '../transport/transport.interfaces.js';
import { ModernMessages } from './modern.messages.js';

/**
 * What a request state is bound to: who called, what, with which arguments. A
 * digest, because arguments may be long and none of the reader's business.
 *
 * @throws JsonRpcError for arguments that are nested too deeply to be compared
 */
export function bindingOf(
  identity: string,
  { method, params = {} }: McpRequest,
): string {
  const { name, uri, arguments: input = {} } = params;
  const { issue } = inspectInput([name, uri, input], () => false);
  if (issue) {
    throw new JsonRpcError(
      JsonRpcErrorCode.InvalidParams,
      ModernMessages.argumentsTooDeep(MAX_DEPTH),
    );
  }
  const text = JSON.stringify(sorted([identity, method, name, uri, input]));
  return createHash('sha256').update(text).digest('base64url');
}

// The members of an object have no order, and a client may send another.
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => [key, sorted(member)]);
  // Told apart from a list of pairs.
  return { members };
}
