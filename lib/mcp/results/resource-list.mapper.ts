import type { Resource } from '@modelcontextprotocol/sdk/types.js';
import { INVALID_RESOURCE_LIST } from '../mcp.messages.js';
import { isRecord } from './result-shape.js';

/**
 * What a method said there is, as the protocol lists it.
 *
 * @param place class and method, for messages
 * @throws TypeError for anything but a list of resources with URIs
 */
export function toResourceList(
  value: unknown,
  template: { readonly name: string; readonly mimeType?: string | undefined },
  place: string,
): readonly Resource[] {
  if (!Array.isArray(value)) throw new TypeError(INVALID_RESOURCE_LIST(place));
  return value.map((item: unknown) => {
    if (!isRecord(item) || typeof item.uri !== 'string') {
      throw new TypeError(INVALID_RESOURCE_LIST(place));
    }
    const { name, mimeType } = template;
    return { name, ...(mimeType && { mimeType }), ...item } as Resource;
  });
}
