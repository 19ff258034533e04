import type {
  CreateMessageRequestParams,
  CreateMessageResultWithTools,
  Root,
} from '@modelcontextprotocol/sdk/types.js';
import type {
  FormAnswer,
  FormContent,
  FormElicitation,
  FormSource,
  UrlAnswer,
  UrlElicitation,
} from '../input/elicitation.interface.js';
import {
  InputDefinitionMessages,
  InputMessages,
} from '../input/input.messages.js';
import {
  askForm,
  askModel,
  askRoots,
  askToOpen,
  type Ask,
} from '../input/questions.js';
import {
  forgetAsked,
  NO_MEMORY,
  type RoundMemory,
} from '../input/round-memory.js';
import { ensureDeclared } from '../input/client-capabilities.js';
import type {
  InputRequest,
  InputRequirement,
  InputResponse,
} from '../input/input-request.js';
import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import { MessageContext } from './message-context.js';

/** Calls that may ask their client, as the modern era has it. */
const METHODS = ['tools/call', 'prompts/get', 'resources/read'];

/** A call that can ask its client, in the way of its era. */
export abstract class AskingContext extends MessageContext {
  protected memory: RoundMemory = NO_MEMORY;

  get inputResponses(): Readonly<Record<string, InputResponse>> {
    return this.memory.answers;
  }

  // The handler knows what it handed over, and the compiler cannot.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  requestState<T>(): T | undefined {
    return this.memory.state as T | undefined;
  }

  elicit<Source extends FormSource>(
    key: string,
    form: FormElicitation<Source>,
  ): Promise<FormAnswer<FormContent<Source>>> {
    return expected(askForm(this.ask, key, form));
  }

  elicitUrl(key: string, page: UrlElicitation): Promise<UrlAnswer> {
    return expected(askToOpen(this.ask, key, page));
  }

  sample(
    key: string,
    params: CreateMessageRequestParams,
  ): Promise<CreateMessageResultWithTools> {
    return expected(askModel(this.ask, key, params));
  }

  listRoots(key = 'roots'): Promise<readonly Root[]> {
    return expected(askRoots(this.ask, key));
  }

  /**
   * What the next round is to know beside the answers to what it requires.
   *
   * @throws ClientInputError when the client cannot be asked that
   * @internal
   */
  planRound(requirement: InputRequirement): RoundMemory {
    this.ensureCanAsk(Object.values(requirement.requests ?? {}));
    return forgetAsked(this.memory, requirement);
  }

  /** Asks what nobody knows the answer to yet. */
  protected abstract askClient(
    key: string,
    request: InputRequest,
  ): Promise<InputResponse>;

  protected ensureCanAsk(requests: readonly InputRequest[]): void {
    const { method } = this.message;
    // The handler cannot know that nobody reads it.
    if (method === 'resources/subscribe') {
      throw new JsonRpcError(
        JsonRpcErrorCode.InvalidRequest,
        InputMessages.notWhileSubscribing,
      );
    }
    if (!METHODS.includes(method)) {
      throw new TypeError(InputDefinitionMessages.notPossible(method));
    }
    ensureDeclared(requests, this.clientCapabilities);
  }

  // Made when it is read: few calls ask.
  private get ask(): Ask {
    return async (key, request) => {
      if (key === '') throw new TypeError(InputDefinitionMessages.emptyKey);
      const { answers } = this.memory;
      if (Object.hasOwn(answers, key)) return answers[key]!;
      this.ensureCanAsk([request]);
      return this.askClient(key, request);
    };
  }
}

/**
 * A question that a handler may wait for later, or never. Its client may end it
 * before, and a rejection nobody waits for would end the process.
 */
function expected<T>(question: Promise<T>): Promise<T> {
  question.catch(() => {});
  return question;
}
