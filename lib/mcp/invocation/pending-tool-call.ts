import type { Tool, ToolCall } from '../catalog/tool.interface.js';
import type { McpContext } from '../context/mcp-context.js';
import { InvalidInputError } from './invalid-input.error.js';

/** A call of a tool on its way through the pipeline. */
export class PendingToolCall implements ToolCall {
  #input: Promise<unknown> | undefined;

  constructor(
    readonly tool: Tool,
    readonly context: McpContext,
    readonly request: object,
    readonly rawInput: unknown,
  ) {}

  input(): Promise<unknown> {
    this.#input ??= this.validate();
    return this.#input;
  }

  private async validate(): Promise<unknown> {
    const outcome = await this.tool.input.validate(this.rawInput);
    if (!outcome.ok) throw new InvalidInputError(outcome.issues);
    return outcome.value;
  }
}
