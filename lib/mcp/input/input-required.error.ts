import { InputDefinitionMessages, InputMessages } from './input.messages.js';
import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import type { InputRequirement } from './input-request.js';

/**
 * Ends a run of a handler that cannot answer yet. A client of revision
 * 2026-07-28 gets what it is asked, and repeats the call with the answers; one
 * of the 2025 era is asked within its session. Any other gets the JSON-RPC
 * error this is.
 *
 * Thrown rather than returned, so that it passes interceptors and an output
 * schema. Whatever catches everything catches it as well, and has to throw it
 * again: a `catch` around a question to the client, an exception filter.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/utilities/mrtr
 * @publicApi
 */
export class InputRequiredError extends JsonRpcError {
  constructor(readonly requirement: InputRequirement) {
    if (!hasRequests(requirement) && requirement.state === undefined) {
      throw new TypeError(InputDefinitionMessages.nothingRequired);
    }
    super(JsonRpcErrorCode.ConnectionError, InputMessages.sessionRequired);
  }
}

function hasRequests({ requests = {} }: InputRequirement): boolean {
  return Object.keys(requests).length > 0;
}
