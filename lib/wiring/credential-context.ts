import type { CredentialContext } from '../credentials/credential-context.interface.js';
import type { KeycardConfig } from '../options/keycard-config.js';
import { metadataUrlOf } from '../verification/resource-identifier.js';
import { logger } from './logger.js';

const warn = (message: string) => logger.warn(message);

/**
 * What a credential may say about the application: public URLs as configured,
 * never as derived for development, for a zone remembers them.
 */
export function createCredentialContext({
  resource,
  metadata,
  isResourceDerived,
}: KeycardConfig): CredentialContext {
  const { identifier } = resource;
  const isOneUrl = URL.canParse(identifier) && !identifier.includes('{');
  if (!isOneUrl) return { serverName: resource.name, warn };
  const urlOf = (path: string) => new URL(path, identifier).href;
  return {
    serverName: resource.name,
    warn,
    jwksUrl: urlOf(metadata.jwks ?? '/.well-known/jwks.json'),
    clientMetadataUrl: urlOf('/.well-known/oauth-client-metadata'),
    ...(!isResourceDerived && {
      resourceMetadataUrl: metadata.protectedResource
        ? urlOf(metadata.protectedResource)
        : metadataUrlOf(identifier),
    }),
  };
}
