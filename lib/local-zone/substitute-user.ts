import { SUBSTITUTE_USER_JWT_TYPE } from './local-zone.constants.js';
import { RefusalMessages } from './local-zone.messages.js';
import type { VerifiedSubject } from './subject-token.js';
import { refusal, type ZoneContext } from './zone-context.js';
import type { ApplicationEntry } from './zone-model.js';

/**
 * Reads the unsigned token that names the user to impersonate. It proves
 * nothing: the right to impersonate comes from the application.
 */
export function readSubstituteUser(
  context: ZoneContext,
  application: ApplicationEntry,
  token: string,
): VerifiedSubject {
  const identifier = parse(token);
  if (identifier === undefined) {
    throw refusal(
      context,
      'invalid_request',
      RefusalMessages.malformedSubstituteUser(),
    );
  }
  if (!application.mayImpersonate) {
    throw refusal(
      context,
      'unauthorized_client',
      RefusalMessages.mayNotImpersonate(application.name),
    );
  }
  const user = context.model.usersByIdentifier.get(identifier);
  if (!user) {
    throw refusal(
      context,
      'invalid_grant',
      RefusalMessages.identifierNotFound(identifier),
    );
  }
  return {
    subject: { kind: 'user', id: user.id },
    impersonated: true,
    claims: undefined,
  };
}

/** The `sub` of a well-formed token: three segments, the last one empty. */
function parse(token: string): string | undefined {
  const [header, payload, signature, ...rest] = token.split('.');
  if (signature !== '' || rest.length > 0) {
    return undefined;
  }
  const { alg, typ } = decode(header);
  if (alg !== 'none' || typ !== SUBSTITUTE_USER_JWT_TYPE) {
    return undefined;
  }
  const { sub } = decode(payload);
  return typeof sub === 'string' ? sub : undefined;
}

function decode(segment = ''): Record<string, unknown> {
  try {
    const text = Buffer.from(segment, 'base64url').toString();
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}
