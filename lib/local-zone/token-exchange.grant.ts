import type { TokenEndpointGrantContext } from 'oidc-provider';
import { requireApplication } from './application.guard.js';
import { GrantType, TokenType } from './local-zone.constants.js';
import { RefusalMessages } from './local-zone.messages.js';
import { verifySubjectToken, type VerifiedSubject } from './subject-token.js';
import { words } from './text.js';
import { answerWithToken } from './token-issuer.js';
import { refusal, type ZoneContext } from './zone-context.js';
import type { ApplicationEntry } from './zone-model.js';
import { authorize } from './zone-rules.js';

interface TokenExchangeParameters {
  readonly subject_token?: string;
  readonly subject_token_type?: string;
  readonly requested_token_type?: string;
  readonly actor_token?: string;
}

/** Parameters oidc-provider passes on; it strips all others. */
export const TOKEN_EXCHANGE_PARAMETERS = [
  'subject_token',
  'subject_token_type',
  'actor_token',
  'actor_token_type',
  'requested_token_type',
  'resource',
  'audience',
  'scope',
];

/**
 * The token exchange grant.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-2.1
 */
export async function tokenExchangeGrant(
  context: ZoneContext,
  request: TokenEndpointGrantContext,
): Promise<void> {
  const application = requireApplication(context, request.oidc.client);
  const parameters = readParameters(context, request);
  const verified = await verifySubjectToken(context, application, parameters);
  const { subject, impersonated, claims } = verified;
  const decision = authorize(context, {
    application,
    subject,
    resource: request.oidc.params.resource,
    scopes: words(request.oidc.params.scope),
    impersonated,
  });
  await answerWithToken(context, request, {
    application,
    subject,
    ...decision,
    grantType: GrantType.TokenExchange,
    claims: actorClaims(context, application, verified),
    notAfter: claims?.exp,
  });
}

function readParameters(
  context: ZoneContext,
  request: TokenEndpointGrantContext,
) {
  const parameters = request.oidc.params as TokenExchangeParameters;
  const { resource } = request.oidc.params;
  const { subject_token, subject_token_type } = parameters;
  if (!subject_token) {
    throw missing(context, 'subject_token');
  }
  if (!subject_token_type) {
    throw missing(context, 'subject_token_type');
  }
  if (!resource) {
    throw missing(context, 'resource');
  }
  const requested = parameters.requested_token_type;
  if (requested && requested !== TokenType.AccessToken) {
    throw refusal(
      context,
      'invalid_request',
      RefusalMessages.unsupportedRequestedTokenType(),
    );
  }
  if (parameters.actor_token) {
    throw refusal(context, 'invalid_request', RefusalMessages.actorToken());
  }
  return { subject_token, subject_token_type };
}

function missing(context: ZoneContext, parameter: string): Error {
  return refusal(
    context,
    'invalid_request',
    RefusalMessages.missingParameter(parameter),
  );
}

function actorClaims(
  context: ZoneContext,
  application: ApplicationEntry,
  { claims }: VerifiedSubject,
): Record<string, unknown> {
  if (!context.options.actorClaim) {
    return {};
  }
  const previous = claims?.['act'];
  const chain = previous === undefined ? {} : { act: previous };
  return { act: { sub: application.id, ...chain } };
}
