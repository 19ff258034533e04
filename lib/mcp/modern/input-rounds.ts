import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import {
  NO_MEMORY,
  remember,
  type InputAnswers,
  type RoundMemory,
} from '../input/round-memory.js';
import { inspectInput } from '../schema/input-guard.js';
import { isObject } from '../transport/message-classifier.js';
import type { McpRequest } from '../transport/transport.interfaces.js';
import type {
  InputRequirement,
  InputResponse,
} from '../input/input-request.js';
import { ModernMessages } from './modern.messages.js';
import { bindingOf } from './request-binding.js';
import type { RequestStateSealer } from './request-state.sealer.js';

/**
 * Calls in several rounds: the server answers with what it needs, and the
 * client repeats the call with the answers. It brings those of the last round
 * only, so what was answered before travels in the state.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr
 */
export class InputRounds {
  constructor(private readonly sealer: RequestStateSealer) {}

  /** @throws JsonRpcError when it is not what we asked the client to send */
  async read(message: McpRequest, identity: string): Promise<RoundMemory> {
    const { inputResponses, requestState } = message.params ?? {};
    const answers = readAnswers(inputResponses);
    if (requestState === undefined) return remember(NO_MEMORY, answers);
    const binding = bindingOf(identity, message);
    const memory = await this.sealer.open(requestState, binding);
    return remember(toMemory(memory), answers);
  }

  /**
   * The result that asks for another round.
   *
   * @param memory what the next round is to know beside its answers
   */
  async ask(
    { requests = {} }: InputRequirement,
    memory: RoundMemory,
    message: McpRequest,
    identity: string,
  ): Promise<Record<string, unknown>> {
    const result: Record<string, unknown> = { resultType: 'input_required' };
    if (!isEmpty(requests)) result['inputRequests'] = requests;
    if (!isEmpty(memory.answers) || memory.state !== undefined) {
      const binding = bindingOf(identity, message);
      result['requestState'] = await this.sealer.seal(memory, binding);
    }
    return result;
  }
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

// What was sealed is ours, but perhaps of another version of the server.
function toMemory(value: unknown): RoundMemory {
  const { answers, state } = isObject(value) ? value : {};
  return { answers: isObject(answers) ? (answers as InputAnswers) : {}, state };
}

// What is no answer is left out: the handler asks again for what it misses.
function readAnswers(value: unknown): InputAnswers {
  if (value === undefined) return {};
  if (!isObject(value)) {
    throw new JsonRpcError(
      JsonRpcErrorCode.InvalidParams,
      ModernMessages.invalidInputResponses,
    );
  }
  const answers = Object.entries(value).filter(
    (entry): entry is [string, InputResponse] => isAnswer(entry[1]),
  );
  return Object.fromEntries(answers);
}

// Nor is what is nested so deep that the next state could not be written.
function isAnswer(value: unknown): boolean {
  return isObject(value) && !inspectInput(value, () => false).issue;
}
