import { createParameterDecorator } from '../../parameters/injected-parameter.js';
import { Principal } from '../../verification/principal.js';
import { principalOfContext } from '../../verification/request-principal.js';

/**
 * Injects the caller, or `undefined` on a public route. A parameter of type
 * {@link Principal} needs no decorator on protected handlers.
 *
 * @publicApi
 */
export const CurrentPrincipal = (): ParameterDecorator =>
  createParameterDecorator(Principal.name, (_data, context) =>
    principalOfContext(context),
  );
