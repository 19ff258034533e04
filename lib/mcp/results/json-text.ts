import { NOT_JSON } from '../mcp.messages.js';

/**
 * A value as JSON, and what that JSON says: what is sent is what a `toJSON()`
 * meant to show.
 *
 * @throws TypeError for a value that is not JSON
 */
export function toJson(data: unknown): { json: string; value: unknown } {
  const json = JSON.stringify(data) as string | undefined;
  if (json === undefined) throw new TypeError(NOT_JSON);
  return { json, value: JSON.parse(json) as unknown };
}
