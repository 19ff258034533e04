import type { ExecutionContext, Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';

/**
 * A class with this static member is injected into handler parameters of its
 * type, without a decorator.
 *
 * @internal
 */
export const INJECTED_PARAMETER: unique symbol = Symbol.for(
  'keycard:injected-parameter',
);

/** Finds the value of an injected parameter for one call. */
export type ParameterFactory = (
  data: unknown,
  context: ExecutionContext,
) => unknown;

interface ParameterMetadata {
  readonly index: number;
  readonly data?: unknown;
  readonly pipes: readonly unknown[];
  readonly factory?: ParameterFactory;
}

type ParameterMap = Readonly<Record<string, ParameterMetadata>>;

const PARAMETER_KEY = (name: string, index: number) =>
  `keycard:${name}__customRouteArgs__:${index}`;

/** Declares how one parameter of a handler is found, as `createParamDecorator` does. */
export function defineParameter(
  target: object,
  method: string | symbol,
  index: number,
  name: string,
  factory: ParameterFactory,
): void {
  const parameter = { index, pipes: [], factory };
  Reflect.defineMetadata(
    ROUTE_ARGS_METADATA,
    {
      ...parametersOf(target.constructor, method),
      [PARAMETER_KEY(name, index)]: parameter,
    },
    target.constructor,
    method,
  );
}

/** A decorator for a parameter of a fixed kind. */
export function createParameterDecorator(
  name: string,
  factory: ParameterFactory,
): ParameterDecorator {
  return (target, method, index) =>
    defineParameter(target, method!, index, name, factory);
}

/**
 * Declares the parameters of a handler that carry no decorator, but are of a
 * type that is injected. Call it from the method decorator: parameter
 * decorators have run by then.
 */
export function injectParametersByType(
  target: object,
  method: string | symbol,
): void {
  const taken = indexesOf(parametersOf(target.constructor, method));
  parameterTypesOf(target, method).forEach((type, index) => {
    const factory = factoryOf(type);
    if (!factory || taken.has(index)) return;
    defineParameter(target, method, index, (type as Type).name, factory);
  });
}

/** Whether a handler has a parameter of this kind, by type or by decorator. */
export function hasParameter(
  constructor: object,
  method: string | symbol,
  name: string,
): boolean {
  const prefix = PARAMETER_KEY(name, 0).slice(0, -1);
  return Object.keys(parametersOf(constructor, method)).some((key) =>
    key.startsWith(prefix),
  );
}

/** Parameter metadata Nest reads; also of an inherited method. */
export function parametersOf(
  constructor: object,
  method: string | symbol,
): ParameterMap {
  return (
    (Reflect.getMetadata(ROUTE_ARGS_METADATA, constructor, method) as
      ParameterMap | undefined) ?? {}
  );
}

/** Types of the parameters, as the compiler emitted them. */
export function parameterTypesOf(
  target: object,
  method: string | symbol,
): readonly unknown[] {
  return (
    (Reflect.getMetadata('design:paramtypes', target, method) as
      unknown[] | undefined) ?? []
  );
}

/** Positions that are declared already. */
export function indexesOf(parameters: ParameterMap): ReadonlySet<number> {
  return new Set(Object.values(parameters).map(({ index }) => index));
}

function factoryOf(type: unknown): ParameterFactory | undefined {
  return typeof type === 'function' && INJECTED_PARAMETER in type
    ? (type[INJECTED_PARAMETER] as ParameterFactory)
    : undefined;
}
