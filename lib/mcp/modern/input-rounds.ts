import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import { isObject } from '../transport/message-classifier.js';
import type { McpRequest } from '../transport/transport.interfaces.js';
import { missingCapabilities } from './client-capabilities.js';
import type { InputRequirement, InputResponse } from './input-request.js';
import {
  CLIENT_CAPABILITIES_META,
  MISSING_CLIENT_CAPABILITY,
} from './modern.constants.js';
import { ModernLogMessages, ModernMessages } from './modern.messages.js';
import { bindingOf } from './request-binding.js';
import type { RequestStateSealer } from './request-state.sealer.js';

const METHODS = ['tools/call', 'prompts/get', 'resources/read'];

/** What a client sent back from the round before. */
export interface LastRound {
  readonly inputResponses: Readonly<Record<string, InputResponse>>;
  readonly state: unknown;
}

/**
 * Calls in several rounds: the server answers with what it needs, and the
 * client repeats the call with the answers.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/utilities/mrtr
 */
export class InputRounds {
  constructor(private readonly sealer: RequestStateSealer) {}

  /** @throws JsonRpcError when it is not what we asked the client to send */
  async read(message: McpRequest, identity: string): Promise<LastRound> {
    const { inputResponses, requestState } = message.params ?? {};
    return {
      inputResponses: readResponses(inputResponses),
      state:
        requestState === undefined
          ? undefined
          : await this.sealer.open(requestState, bindingOf(identity, message)),
    };
  }

  /** The result that asks for another round. */
  async ask(
    { requests = {}, state }: InputRequirement,
    message: McpRequest,
    identity: string,
  ): Promise<Record<string, unknown>> {
    const { method, params = {} } = message;
    if (!METHODS.includes(method)) {
      throw new TypeError(ModernLogMessages.inputNotPossible(method));
    }
    const meta = params['_meta'] as Record<string, unknown> | undefined;
    const declared = meta?.[CLIENT_CAPABILITIES_META];
    const missing = missingCapabilities(Object.values(requests), declared);
    if (missing) {
      throw new JsonRpcError(
        MISSING_CLIENT_CAPABILITY,
        ModernMessages.missingCapabilities(Object.keys(missing)),
        { requiredCapabilities: missing },
      );
    }
    const result: Record<string, unknown> = {
      resultType: 'input_required',
      inputRequests: requests,
    };
    if (state !== undefined) {
      const binding = bindingOf(identity, message);
      result['requestState'] = await this.sealer.seal(state, binding);
    }
    return result;
  }
}

// What is no answer is left out: the handler asks again for what it misses.
function readResponses(value: unknown): Record<string, InputResponse> {
  if (value === undefined) return {};
  if (!isObject(value)) {
    throw new JsonRpcError(
      JsonRpcErrorCode.InvalidParams,
      ModernMessages.invalidInputResponses,
    );
  }
  const answers = Object.entries(value).filter(
    (entry): entry is [string, Record<string, unknown>] => isObject(entry[1]),
  );
  return Object.fromEntries(answers);
}
