import {
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  INTERCEPTORS_METADATA,
  PIPES_METADATA,
} from '@nestjs/common/constants.js';
import type { DiscoveryService } from '@nestjs/core';
import { parametersOf } from '../../parameters/injected-parameter.js';
import {
  HOST_NEEDS_REQUESTS,
  HOST_OF_OTHER_TOKEN,
  HOST_SKIPS_ENHANCERS,
} from '../mcp.messages.js';

/** A method, and the provider that has it. */
export interface HostedMethod {
  readonly wrapper: ProviderWrapper;
  readonly prototype: object;
  readonly method: string;
  readonly callback: object;
  /** Class and method, for messages. */
  readonly place: string;
}

/** A provider, as Nest's container holds it. */
export type ProviderWrapper = ReturnType<
  DiscoveryService['getProviders']
>[number];

type EnhancerClass = new (...args: unknown[]) => object;

const ENHANCERS = [
  GUARDS_METADATA,
  INTERCEPTORS_METADATA,
  PIPES_METADATA,
  EXCEPTION_FILTERS_METADATA,
];

/**
 * Why Nest would run a handler without all of its guards, interceptors, pipes and
 * filters; `undefined` when it would not. Nest prepares these for the classes
 * it constructs. Of a factory or a value it does not read them, and what it has
 * not prepared it skips without a word.
 */
export function findHostProblem(hosted: HostedMethod): string | undefined {
  const { wrapper, place } = hosted;
  if (!isEntryProvider(wrapper)) return HOST_OF_OTHER_TOKEN(place);
  if (wrapper.isNotMetatype && isScoped(wrapper)) {
    return HOST_NEEDS_REQUESTS(place);
  }
  const skipped = skippedEnhancers(hosted);
  return skipped.length > 0 ? HOST_SKIPS_ENHANCERS(place, skipped) : undefined;
}

/** Only controllers and entry providers get request-scoped global guards. */
function isEntryProvider(wrapper: ProviderWrapper): boolean {
  return wrapper.host?.entryProviders.includes(wrapper) ?? false;
}

function isScoped(wrapper: ProviderWrapper): boolean {
  return wrapper.isTransient || !wrapper.isDependencyTreeStatic();
}

function skippedEnhancers({
  wrapper,
  prototype,
  method,
  callback,
}: HostedMethod): readonly string[] {
  const prepared = wrapper.getEnhancersMetadata() ?? [];
  const tokens = new Set<unknown>(prepared.map(({ token }) => token));
  const parameters = Object.values(parametersOf(prototype.constructor, method));
  const declared = [
    ...enhancersByClass([prototype.constructor, callback]),
    ...parameters.flatMap(({ pipes }) => pipes).filter(isClass),
  ];
  return declared
    .filter((enhancer) => !tokens.has(enhancer))
    .map(({ name }) => name);
}

/** Enhancers that classes and methods are decorated with, and Nest constructs. */
export function enhancersByClass(
  subjects: readonly object[],
): readonly EnhancerClass[] {
  return ENHANCERS.flatMap((key) =>
    subjects.flatMap(
      (subject) => (Reflect.getMetadata(key, subject) ?? []) as unknown[],
    ),
  ).filter(isClass);
}

function isClass(enhancer: unknown): enhancer is EnhancerClass {
  return typeof enhancer === 'function';
}
