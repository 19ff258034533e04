import { parameterTypesOf } from '../../parameters/injected-parameter.js';
import {
  hasInputParameter,
  inputParameters,
} from '../decorators/mcp-parameter.js';
import type { SchemaClass } from '../schema/schema-source.interface.js';
import type { DiscoveredHandler } from './mcp.explorer.js';

const BUILT_IN_TYPES = new Set<unknown>([
  Object,
  String,
  Number,
  Boolean,
  Array,
  Function,
  Promise,
]);

/**
 * Whether a handler wants to know its input, or a property of it. Of one that is
 * no method, only its options tell.
 */
export function wantsInput({
  prototype,
  method,
  isRuntime,
}: DiscoveredHandler): boolean {
  return !isRuntime && hasInputParameter(prototype.constructor, method);
}

/** The class of the input parameter; `undefined` where its type is none. */
export function inputClassOf({
  prototype,
  method,
}: DiscoveredHandler): SchemaClass | undefined {
  // Without one, there are only properties, and their types do not tell enough.
  const [index = -1] = inputParameters(prototype.constructor, method);
  const type = parameterTypesOf(prototype, method)[index];
  return typeof type === 'function' && !BUILT_IN_TYPES.has(type)
    ? (type as SchemaClass)
    : undefined;
}
