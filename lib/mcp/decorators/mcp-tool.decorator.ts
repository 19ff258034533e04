import type { ToolAnnotations } from '@modelcontextprotocol/sdk/types.js';
import { ENTRY_PROVIDER_WATERMARK } from '@nestjs/common/constants.js';
import {
  isInstanceMethod,
  placeOf,
} from '../../parameters/decorated-method.js';
import { injectParametersByType } from '../../parameters/injected-parameter.js';
import { McpDefinitionError } from '../mcp-definition.error.js';
import { NOT_A_METHOD } from '../mcp.messages.js';
import type { SchemaSource } from '../schema/schema-source.interface.js';
import { defineInputParameter, undeclaredParameters } from './mcp-parameter.js';

/** Metadata key of {@link McpTool}. */
export const MCP_TOOL_METADATA = 'keycard:mcp-tool';

/**
 * What a tool is, for clients and for the model.
 *
 * @publicApi
 */
export interface McpToolOptions {
  /**
   * 1 to 64 letters, digits, `_`, `-` and `.`.
   * @default the method's name in snake_case: `listEvents` is `list_events`
   */
  name?: string;
  /** Name for people. */
  title?: string;
  /** What the tool does, told to the model. */
  description?: string;
  /**
   * What the tool accepts: a Standard Schema (Zod, Valibot, ArkType), a class
   * with class-validator decorators, or a JSON Schema.
   * @default the type of the input parameter
   */
  input?: SchemaSource;
  /** What the tool returns as structured content. Checked on every result. */
  output?: Exclude<SchemaSource, undefined>;
  /**
   * Scopes the caller needs for this tool, besides those of the resource.
   * @default none
   */
  scopes?: string | readonly string[];
  /** Hints about effects of the tool. */
  annotations?: ToolAnnotations;
  /**
   * Milliseconds a call may take; 0 means no limit.
   * @default the server's `callTimeout`
   */
  timeout?: number;
}

/**
 * Makes a method of a provider an MCP tool. Parameters are injected by their
 * type: {@link AccessContext}, {@link McpContext}, {@link Principal}; the
 * remaining one receives the validated input.
 *
 * @example
 * ```ts
 * @McpTool({ description: 'List upcoming events', scopes: 'calendar:read' })
 * @Grant('https://calendar.example.com')
 * async listEvents(input: ListEventsDto, access: AccessContext) {}
 * ```
 * @throws McpDefinitionError on anything but a method of an instance
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools
 * @publicApi
 */
export const McpTool =
  (options: McpToolOptions = {}): MethodDecorator =>
  (target, method, descriptor: PropertyDescriptor | undefined) => {
    if (!isInstanceMethod(target, method, descriptor)) {
      throw new McpDefinitionError(
        NOT_A_METHOD('McpTool', placeOf(target, method)),
      );
    }
    Reflect.defineMetadata(
      MCP_TOOL_METADATA,
      options,
      descriptor!.value as object,
    );
    // Nest gives request-scoped global guards, and transient enhancers, only to
    // controllers and entry providers; without this mark they are skipped.
    Reflect.defineMetadata(ENTRY_PROVIDER_WATERMARK, true, target.constructor);
    injectParametersByType(target, method);
    const [input, ...others] = undeclaredParameters(target, method);
    if (input !== undefined && others.length === 0) {
      defineInputParameter(target, method, input);
    }
  };

/** Options of a tool; `undefined` for a method that is none. */
export function toolOptionsOf(method: unknown): McpToolOptions | undefined {
  return typeof method === 'function'
    ? (Reflect.getMetadata(MCP_TOOL_METADATA, method) as McpToolOptions)
    : undefined;
}
