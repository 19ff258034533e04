import type { TokenEndpointGrantContext } from 'oidc-provider';
import { requireApplication } from './application.guard.js';
import { GrantType } from './local-zone.constants.js';
import { words } from './text.js';
import { answerWithToken } from './token-issuer.js';
import type { TokenSubject } from './token-ledger.js';
import type { ZoneContext } from './zone-context.js';
import { authorize } from './zone-rules.js';

export const CLIENT_CREDENTIALS_PARAMETERS = ['resource', 'scope'];

/**
 * The client credentials grant: an application acts as itself.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export async function clientCredentialsGrant(
  context: ZoneContext,
  request: TokenEndpointGrantContext,
): Promise<void> {
  const application = requireApplication(context, request.oidc.client);
  const subject: TokenSubject = { kind: 'application', id: application.id };
  const decision = authorize(context, {
    application,
    subject,
    resource: request.oidc.params.resource,
    scopes: words(request.oidc.params.scope),
    impersonated: false,
  });
  await answerWithToken(context, request, {
    application,
    subject,
    ...decision,
    grantType: GrantType.ClientCredentials,
  });
}
