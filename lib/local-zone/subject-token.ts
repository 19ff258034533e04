import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
} from 'jose';
import { ACCESS_TOKEN_JWT_TYPE, TokenType } from './local-zone.constants.js';
import { RefusalMessages } from './local-zone.messages.js';
import { readSubstituteUser } from './substitute-user.js';
import { strings } from './text.js';
import type { TokenSubject } from './token-ledger.js';
import { hasTokenRecord } from './token-records.js';
import { refusal, type ZoneContext } from './zone-context.js';
import type { ApplicationEntry } from './zone-model.js';

/** A subject token after all checks. */
export interface VerifiedSubject {
  readonly subject: TokenSubject;
  readonly impersonated: boolean;
  /** Claims of the subject token; `undefined` for an impersonated user. */
  readonly claims: JWTPayload | undefined;
}

/** The subject token as the request names it. */
export interface SubjectTokenParameters {
  readonly subject_token: string;
  readonly subject_token_type: string;
}

/** Verifies the subject token of an exchange. */
export async function verifySubjectToken(
  context: ZoneContext,
  application: ApplicationEntry,
  parameters: SubjectTokenParameters,
): Promise<VerifiedSubject> {
  switch (parameters.subject_token_type) {
    case TokenType.SubstituteUser:
      return readSubstituteUser(context, application, parameters.subject_token);
    case TokenType.AccessToken:
    case TokenType.Jwt:
      return verifyAccessToken(context, application, parameters.subject_token);
  }
  throw refusal(
    context,
    'invalid_request',
    RefusalMessages.unsupportedSubjectTokenType(),
  );
}

async function verifyAccessToken(
  context: ZoneContext,
  application: ApplicationEntry,
  token: string,
): Promise<VerifiedSubject> {
  assertWellFormed(context, token);
  const claims = await verifySignature(context, token);
  if (!context.options.acceptMinted && !hasTokenRecord(context, claims.jti)) {
    throw refusal(
      context,
      'invalid_grant',
      RefusalMessages.subjectTokenRevoked(),
    );
  }
  const [audience] = strings(claims.aud);
  const owner = context.model.resources.get(audience ?? '')?.ownedBy;
  if (owner !== application.id) {
    throw refusal(context, 'invalid_grant', RefusalMessages.notOwner());
  }
  const subject = subjectOf(context, claims);
  return { subject, impersonated: false, claims };
}

function assertWellFormed(context: ZoneContext, token: string): void {
  try {
    decodeProtectedHeader(token);
    decodeJwt(token);
  } catch {
    throw refusal(
      context,
      'invalid_request',
      RefusalMessages.malformedSubjectToken(),
    );
  }
}

async function verifySignature(
  context: ZoneContext,
  token: string,
): Promise<JWTPayload> {
  try {
    return await context.keys.verify(token, {
      issuer: context.issuer,
      typ: ACCESS_TOKEN_JWT_TYPE,
      requiredClaims: ['exp'],
    });
  } catch (error) {
    const message =
      error instanceof errors.JWTExpired
        ? RefusalMessages.subjectTokenExpired()
        : RefusalMessages.subjectTokenForeign();
    throw refusal(context, 'invalid_grant', message);
  }
}

function subjectOf(context: ZoneContext, claims: JWTPayload): TokenSubject {
  const { sub, sub_profile: profile } = claims;
  if (sub !== undefined && context.model.users.has(sub)) {
    return { kind: 'user', id: sub };
  }
  if (sub !== undefined && profile === 'app') {
    return { kind: 'application', id: sub };
  }
  throw refusal(context, 'invalid_grant', RefusalMessages.userNotFound());
}
