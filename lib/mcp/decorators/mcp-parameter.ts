import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import {
  indexesOf,
  parametersOf,
  parameterTypesOf,
} from '../../parameters/injected-parameter.js';

/**
 * Kind of a handler's input parameter. It has the number of Nest's `BODY`, so
 * that pipes treat the input as a body: a global `ValidationPipe` works.
 */
export const INPUT_PARAMETER = 3;

/** Declares that a parameter receives the input, or one property of it. */
export function defineInputParameter(
  target: object,
  method: string | symbol,
  index: number,
  property?: string,
): void {
  Reflect.defineMetadata(
    ROUTE_ARGS_METADATA,
    {
      ...parametersOf(target.constructor, method),
      [`${INPUT_PARAMETER}:${index}`]: { index, data: property, pipes: [] },
    },
    target.constructor,
    method,
  );
}

/** Positions of parameters that nothing has been said about. */
export function undeclaredParameters(
  target: object,
  method: string | symbol,
): readonly number[] {
  const taken = indexesOf(parametersOf(target.constructor, method));
  return parameterTypesOf(target, method)
    .map((_type, index) => index)
    .filter((index) => !taken.has(index));
}

/** Whether any parameter receives the input, or a property of it. */
export function hasInputParameter(
  constructor: object,
  method: string | symbol,
): boolean {
  return Object.keys(parametersOf(constructor, method)).some(isInputKey);
}

/** Positions of the parameters that receive the whole input. */
export function inputParameters(
  constructor: object,
  method: string | symbol,
): readonly number[] {
  return Object.entries(parametersOf(constructor, method))
    .filter(([key]) => isInputKey(key))
    .filter(([, { data }]) => data === undefined)
    .map(([, { index }]) => index);
}

function isInputKey(key: string): boolean {
  return key.startsWith(`${INPUT_PARAMETER}:`);
}
