import type { Principal } from '../verification/principal.js';

/**
 * The caller, in the form the MCP SDKs hand to tools: `extra.authInfo` in
 * version 1, `ctx.http.authInfo` in version 2. The guard leaves it on
 * `request.auth`, where their transports look for it.
 *
 * @publicApi
 */
export interface AuthInfo {
  /**
   * Always empty. The SDKs want one, but the caller's token is for nobody to
   * forward: {@link TokenExchangeService} has it exchanged for another one.
   */
  token: string;
  clientId: string;
  scopes: string[];
  /** Seconds since the epoch. */
  expiresAt: number;
  /** The protected resource that accepted the token. */
  resource: URL;
  /** Where its metadata is: for the challenges of the SDK's own scope checks. */
  resourceMetadataUrl: string;
  extra: {
    /** Who is calling; {@link principalOf} takes it out. */
    principal: Principal;
  };
}

/** Describes the caller of a resource to an SDK. */
export function toAuthInfo(
  principal: Principal,
  metadataUrl: string,
): AuthInfo {
  const { clientId, scopes, expiresAt, resource } = principal;
  return {
    token: '',
    clientId,
    scopes: [...scopes],
    expiresAt,
    resource: new URL(resource),
    resourceMetadataUrl: metadataUrl,
    extra: { principal },
  };
}
