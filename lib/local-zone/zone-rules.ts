import type { TokenSubject } from './token-ledger.js';
import { RefusalMessages } from './local-zone.messages.js';
import { refusal, type ZoneContext } from './zone-context.js';
import type { ApplicationEntry, ResourceEntry } from './zone-model.js';

/** A request for a token that acts on a resource. */
export interface AccessRequest {
  readonly application: ApplicationEntry;
  readonly subject: TokenSubject;
  /** The `resource` parameter; an array when it was sent more than once. */
  readonly resource: string | readonly string[] | undefined;
  readonly scopes: readonly string[];
  readonly impersonated: boolean;
}

/** What the rules allow. */
export interface AccessDecision {
  readonly resource: ResourceEntry;
  readonly scopes: readonly string[];
}

/**
 * The rules of a zone, in the order a live one applies them: resource,
 * dependency, policies, user grant, scopes.
 */
export function authorize(
  context: ZoneContext,
  request: AccessRequest,
): AccessDecision {
  const resource = findResource(context, request.resource);
  assertDependency(context, request.application, resource);
  assertPolicies(context, request, resource);
  const allowed = allowedScopes(context, request, resource);
  const scopes = request.scopes.length > 0 ? request.scopes : allowed;
  const excess = scopes.find((scope) => !allowed.includes(scope));
  if (excess !== undefined) {
    throw refusal(
      context,
      'invalid_scope',
      RefusalMessages.scopeNotGranted(excess),
    );
  }
  return { resource, scopes };
}

/** The one resource a request names. Compared as a string, never normalized. */
export function findResource(
  context: ZoneContext,
  identifier: string | readonly string[] | undefined,
): ResourceEntry {
  if (identifier === undefined) {
    throw refusal(
      context,
      'invalid_request',
      RefusalMessages.missingParameter('resource'),
    );
  }
  if (typeof identifier !== 'string') {
    throw refusal(
      context,
      'invalid_target',
      RefusalMessages.severalResources(),
    );
  }
  const resource = context.model.resources.get(identifier);
  if (!resource) {
    throw refusal(
      context,
      'invalid_target',
      RefusalMessages.unknownResource(identifier),
    );
  }
  return resource;
}

function assertDependency(
  context: ZoneContext,
  application: ApplicationEntry,
  resource: ResourceEntry,
): void {
  if (application.dependsOn.has(resource.identifier)) {
    return;
  }
  throw refusal(
    context,
    'access_denied',
    RefusalMessages.noDependency(application.name, resource.name),
  );
}

function assertPolicies(
  context: ZoneContext,
  request: AccessRequest,
  resource: ResourceEntry,
): void {
  const { subject } = request;
  const denying = context.model.policies.find((policy) =>
    policy.denies({
      application: request.application.id,
      user: subject.kind === 'user' ? subject.id : undefined,
      resource: resource.identifier,
      scopes: request.scopes,
      impersonated: request.impersonated,
    }),
  );
  if (denying) {
    throw refusal(
      context,
      'access_denied',
      RefusalMessages.deniedByPolicy(resource.name, denying.name),
    );
  }
}

function allowedScopes(
  context: ZoneContext,
  { application, subject }: AccessRequest,
  { identifier, scopes, userConnected }: ResourceEntry,
): readonly string[] {
  if (!userConnected) {
    return scopes;
  }
  if (subject.kind !== 'user') {
    throw refusal(
      context,
      'access_denied',
      RefusalMessages.userConnected(identifier),
    );
  }
  const granted = context.model.grantedScopes({
    user: subject.id,
    application: application.id,
    resource: identifier,
  });
  if (!granted) {
    throw refusal(
      context,
      'insufficient_authorization',
      RefusalMessages.grantRequired(identifier),
    );
  }
  return scopes.filter((scope) => granted.has(scope));
}
