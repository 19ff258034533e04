import { LocalZoneConfigurationError } from './local-zone.error.js';
import { DeclarationMessages } from './local-zone.messages.js';
import { isLoopbackWebUrl } from './loopback.js';
import type { ZoneContext } from './zone-context.js';

/**
 * A connection to offer to a user.
 *
 * @publicApi
 */
export interface ConnectLink {
  readonly application: string;
  readonly resource: string;
  /** Id of the only user who may use the link. @default anybody */
  readonly user?: string;
  /** Offered at the end, on this machine only. @default none */
  readonly returnTo?: string;
}

/** Builds a connect link, once it is sure to lead somewhere. */
export function connectUrl(
  { issuer, model }: ZoneContext,
  { application, resource, user, returnTo }: ConnectLink,
): string {
  if (!model.applications.get(application)?.dependsOn.has(resource)) {
    throw new LocalZoneConfigurationError(
      DeclarationMessages.noConnection(application, resource),
    );
  }
  if (user !== undefined && !model.users.has(user)) {
    throw new LocalZoneConfigurationError(
      DeclarationMessages.unknownUser(user),
    );
  }
  if (returnTo !== undefined && !isLoopbackWebUrl(returnTo)) {
    throw new LocalZoneConfigurationError(DeclarationMessages.returnTo());
  }
  const query = new URLSearchParams({ application, resource });
  if (user !== undefined) {
    query.set('user', user);
  }
  if (returnTo !== undefined) {
    query.set('return_to', returnTo);
  }
  return `${issuer}/connect?${query.toString()}`;
}
