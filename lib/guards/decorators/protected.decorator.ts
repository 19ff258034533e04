import { injectParametersByType } from '../../parameters/injected-parameter.js';

/** Metadata key of {@link Protected}. */
export const PROTECTED_METADATA = 'keycard:protected';

/**
 * Demands a valid access token on a route, or on all routes of a controller.
 *
 * @publicApi
 */
export const Protected =
  (): MethodDecorator & ClassDecorator =>
  (
    target: object,
    method?: string | symbol,
    descriptor?: TypedPropertyDescriptor<any>,
  ) => {
    const subject: object = descriptor ? descriptor.value : target;
    Reflect.defineMetadata(PROTECTED_METADATA, true, subject);
    if (method !== undefined) injectParametersByType(target, method);
  };
