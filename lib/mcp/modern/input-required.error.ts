import { JsonRpcError } from '../json-rpc.error.js';
import type { InputRequirement } from './input-request.js';
import { legacyInputAnswer } from './legacy-input.js';
import { ModernLogMessages } from './modern.messages.js';

/**
 * Ends a call that cannot be answered yet. A client of revision 2026-07-28 gets
 * what it is asked, and repeats the call with the answers; any other gets the
 * JSON-RPC error this is.
 *
 * Thrown rather than returned, so that it passes interceptors and an output
 * schema. An exception filter that catches everything catches it as well.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/utilities/mrtr
 * @publicApi
 */
export class InputRequiredError extends JsonRpcError {
  constructor(readonly requirement: InputRequirement) {
    if (!hasRequests(requirement) && requirement.state === undefined) {
      throw new TypeError(ModernLogMessages.nothingRequired);
    }
    const { code, message, data } = legacyInputAnswer(requirement);
    super(code, message, data);
  }
}

function hasRequests({ requests = {} }: InputRequirement): boolean {
  return Object.keys(requests).length > 0;
}
