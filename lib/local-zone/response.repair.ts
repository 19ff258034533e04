import type { KoaContextWithOIDC } from 'oidc-provider';
import { RefusalMessages } from './local-zone.messages.js';
import { strings } from './text.js';
import type { ZoneContext } from './zone-context.js';

const GRANT_NOT_ALLOWED = 'requested grant type is not allowed for this client';
const NO_AUTHENTICATION = 'no client authentication mechanism provided';

/**
 * Corrects answers of oidc-provider where a live zone uses another error code
 * or says more.
 */
export function repairResponse(
  context: ZoneContext,
  request: KoaContextWithOIDC,
): void {
  const body: unknown = request.body;
  if (typeof body !== 'object' || body === null) {
    return;
  }
  const members = body as Record<string, unknown>;
  if (members['error'] === 'invalid_request') {
    repairError(request, members['error_description']);
    return;
  }
  if (members['active'] === true) {
    repairIntrospection(context, request, members);
    return;
  }
  if (members['scopes_supported']) {
    members['scopes_supported'] = allScopes(context, members);
  }
}

function repairError(request: KoaContextWithOIDC, description: unknown): void {
  if (description === GRANT_NOT_ALLOWED) {
    request.body = {
      error: 'unauthorized_client',
      error_description: GRANT_NOT_ALLOWED,
    };
    return;
  }
  if (description === NO_AUTHENTICATION) {
    request.status = 401;
    request.body = {
      error: 'invalid_client',
      error_description: RefusalMessages.noCredential(),
    };
  }
}

/** The record of a JWT is found by its id: put back what only the JWT says. */
function repairIntrospection(
  context: ZoneContext,
  request: KoaContextWithOIDC,
  members: Record<string, unknown>,
): void {
  const claims = context.presentedTokens.get(request.req);
  if (!claims) {
    return;
  }
  members['jti'] = claims.jti;
  members['sub'] ??= claims.sub;
}

function allScopes(
  context: ZoneContext,
  members: Record<string, unknown>,
): string[] {
  const resources = [...context.model.resources.values()];
  return [
    ...new Set([
      ...strings(members['scopes_supported']),
      ...resources.flatMap((resource) => resource.scopes),
    ]),
  ];
}
