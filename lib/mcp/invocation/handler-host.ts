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

/** A provider, as Nest's container holds it. */
export type ProviderWrapper = ReturnType<
  DiscoveryService['getProviders']
>[number];

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
export function findHostProblem(
  wrapper: ProviderWrapper,
  prototype: object,
  method: string,
  place: string,
): string | undefined {
  if (!isEntryProvider(wrapper)) return HOST_OF_OTHER_TOKEN(place);
  const isScoped = wrapper.isTransient || !wrapper.isDependencyTreeStatic();
  if (wrapper.isNotMetatype && isScoped) return HOST_NEEDS_REQUESTS(place);
  const skipped = skippedEnhancers(wrapper, prototype, method);
  return skipped.length > 0 ? HOST_SKIPS_ENHANCERS(place, skipped) : undefined;
}

/** Only controllers and entry providers get request-scoped global guards. */
function isEntryProvider(wrapper: ProviderWrapper): boolean {
  return wrapper.host?.entryProviders.includes(wrapper) ?? false;
}

function skippedEnhancers(
  wrapper: ProviderWrapper,
  prototype: object,
  method: string,
): readonly string[] {
  const prepared = wrapper.getEnhancersMetadata() ?? [];
  const tokens = new Set<unknown>(prepared.map(({ token }) => token));
  return declaredEnhancers(prototype, method)
    .filter((enhancer) => typeof enhancer === 'function')
    .filter((enhancer) => !tokens.has(enhancer))
    .map(({ name }) => name);
}

function declaredEnhancers(
  prototype: object,
  method: string,
): readonly unknown[] {
  const callback = Reflect.get(prototype, method) as object;
  const bound = ENHANCERS.flatMap((key) =>
    [prototype.constructor, callback].flatMap(
      (subject) => (Reflect.getMetadata(key, subject) ?? []) as unknown[],
    ),
  );
  const parameters = Object.values(parametersOf(prototype.constructor, method));
  return [...bound, ...parameters.flatMap(({ pipes }) => pipes)];
}
