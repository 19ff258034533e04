import type {
  McpCall,
  McpCallKind,
  McpEntry,
  McpHandler,
} from '../catalog/entry.interface.js';
import type { McpContext } from '../context/mcp-context.js';
import { InvalidInputError } from './invalid-input.error.js';

/** What a call is made of. */
export interface HandlerCallInit {
  readonly kind: McpCallKind;
  readonly entry: McpEntry;
  /** @default the entry's own */
  readonly handler?: McpHandler;
  readonly context: McpContext;
  readonly rawInput?: unknown;
  readonly uri?: string;
}

/** A call of a handler on its way through the pipeline. */
export class HandlerCall implements McpCall {
  readonly kind: McpCallKind;
  readonly entry: McpEntry;
  readonly handler: McpHandler;
  readonly context: McpContext;
  readonly rawInput: unknown;
  readonly uri: string | undefined;
  #input: Promise<unknown> | undefined;

  constructor(init: HandlerCallInit) {
    this.kind = init.kind;
    this.entry = init.entry;
    this.handler = init.handler ?? init.entry;
    this.context = init.context;
    this.rawInput = init.rawInput;
    this.uri = init.uri;
  }

  get request(): object {
    return this.context.request;
  }

  input(): Promise<unknown> {
    this.#input ??= this.validate();
    return this.#input;
  }

  private async validate(): Promise<unknown> {
    const outcome = await this.handler.input.validate(this.rawInput);
    if (!outcome.ok) throw new InvalidInputError(outcome.issues);
    return outcome.value;
  }
}
