import { ENTRY_PROVIDER_WATERMARK } from '@nestjs/common/constants.js';
import {
  isInstanceMethod,
  placeOf,
} from '../../parameters/decorated-method.js';
import { injectParametersByType } from '../../parameters/injected-parameter.js';
import { McpDefinitionError } from '../mcp-definition.error.js';
import { NOT_A_METHOD, TWO_DECLARATIONS } from '../mcp.messages.js';
import { defineInputParameter, undeclaredParameters } from './mcp-parameter.js';
import type { McpPromptOptions } from './mcp-prompt-options.interface.js';
import type { McpResourceOptions } from './mcp-resource-options.interface.js';
import type { McpToolOptions } from './mcp-tool-options.interface.js';

/** What a method is declared to answer. */
export type HandlerDeclaration =
  | { readonly kind: 'tool'; readonly options: McpToolOptions }
  | { readonly kind: 'resource'; readonly options: McpResourceOptions }
  | { readonly kind: 'prompt'; readonly options: McpPromptOptions }
  | {
      readonly kind: 'completion';
      /** Method of the template or prompt. */
      readonly target: string;
      readonly argument: string;
    }
  | {
      readonly kind: 'resource_list';
      /** Method of the template. */
      readonly target: string;
    };

const DECLARATION_METADATA = 'keycard:mcp-handler';

/**
 * Declares what a method answers, and how its parameters are found.
 *
 * @throws McpDefinitionError on anything but a method of an instance, and where
 *   it has a declaration already
 */
export function declareHandler(
  decorator: string,
  declaration: HandlerDeclaration,
): MethodDecorator {
  return (target, method, descriptor: PropertyDescriptor | undefined) => {
    const place = placeOf(target, method);
    if (!isInstanceMethod(target, method, descriptor)) {
      throw new McpDefinitionError(NOT_A_METHOD(decorator, place));
    }
    const callback = descriptor!.value as object;
    if (declarationOf(callback)) {
      throw new McpDefinitionError(TWO_DECLARATIONS(place));
    }
    Reflect.defineMetadata(DECLARATION_METADATA, declaration, callback);
    // Nest gives request-scoped global guards, and transient enhancers, only to
    // controllers and entry providers; without this mark they are skipped.
    Reflect.defineMetadata(ENTRY_PROVIDER_WATERMARK, true, target.constructor);
    injectParametersByType(target, method);
    const [input, ...others] = undeclaredParameters(target, method);
    if (input !== undefined && others.length === 0) {
      defineInputParameter(target, method, input);
    }
  };
}

/** What a method is declared to answer; `undefined` for any other method. */
export function declarationOf(method: unknown): HandlerDeclaration | undefined {
  return typeof method === 'function'
    ? (Reflect.getMetadata(DECLARATION_METADATA, method) as HandlerDeclaration)
    : undefined;
}
