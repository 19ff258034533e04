import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { HeadlessBrowser } from './headless-browser.js';
import { GrantType } from './local-zone.constants.js';
import {
  LocalZoneConfigurationError,
  LocalZoneLoginError,
} from './local-zone.error.js';
import { DeclarationMessages, LoginMessages } from './local-zone.messages.js';
import type { ZoneContext } from './zone-context.js';

const DEFAULT_REDIRECT_URI = 'http://127.0.0.1/callback';

/**
 * How a user signs in without a window.
 *
 * @publicApi
 */
export interface LoginOptions {
  /** @default a client that registers itself for this login */
  readonly clientId?: string;
  /** For a declared client with a secret. */
  readonly clientSecret?: string;
  /** @default 'http://127.0.0.1/callback' */
  readonly redirectUri?: string;
  /** @default the resource that is owned by an application, if there is just one */
  readonly resource?: string;
  /** @default every scope of the resource */
  readonly scope?: string;
  /** @default a new one; pass your own to stay signed in */
  readonly browser?: HeadlessBrowser;
  /** Whether the user allows access. @default true */
  readonly allow?: boolean;
}

/**
 * Tokens of a signed-in user.
 *
 * @publicApi
 */
export interface LoginResult {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly expiresIn: number;
  readonly scope: string;
  readonly clientId: string;
}

interface OAuthAnswer {
  readonly error?: string;
  readonly error_description?: string;
  readonly [member: string]: unknown;
}

/** Registers a client, authorizes with PKCE and redeems the code, over HTTP. */
export async function logIn(
  context: ZoneContext,
  userId: string,
  options: LoginOptions,
): Promise<LoginResult> {
  const user = context.model.users.get(userId);
  if (!user) {
    throw new LocalZoneConfigurationError(
      DeclarationMessages.unknownUser(userId),
    );
  }
  const resource = options.resource ?? onlyOwnedResource(context);
  const redirectUri = options.redirectUri ?? DEFAULT_REDIRECT_URI;
  const clientId = options.clientId ?? (await register(context, redirectUri));
  const verifier = randomBytes(32).toString('base64url');
  const request = authorizationUrl(context, {
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    resource,
    scope: options.scope ?? scopesOf(context, resource),
    state: randomUUID(),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const browser = options.browser ?? new HeadlessBrowser();
  const end = await browser.walk(request, {
    user: user.id,
    password: user.password,
    allow: options.allow,
    stopAt: redirectUri,
  });
  const answer = Object.fromEntries(end.url.searchParams) as OAuthAnswer;
  if (end.status !== undefined || answer.error !== undefined) {
    throw loginError(answer, LoginMessages.endedOnPage(end.status));
  }
  const tokens = await redeem(context, options, {
    client_id: clientId,
    code: String(answer['code']),
    redirect_uri: redirectUri,
    code_verifier: verifier,
    resource,
  });
  return { ...tokens, clientId };
}

function authorizationUrl(
  { issuer, endpoints }: ZoneContext,
  parameters: Record<string, string>,
): URL {
  const url = new URL(issuer + endpoints.authorization);
  const present = Object.entries(parameters).filter(([, value]) => value);
  url.search = new URLSearchParams(present).toString();
  return url;
}

async function register(
  { issuer, endpoints }: ZoneContext,
  redirectUri: string,
): Promise<string> {
  const answer = await send(issuer + endpoints.registration, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Headless login',
      redirect_uris: [redirectUri],
      grant_types: [GrantType.AuthorizationCode, GrantType.RefreshToken],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    }),
  });
  return String(answer['client_id']);
}

async function redeem(
  { issuer, endpoints }: ZoneContext,
  { clientSecret }: LoginOptions,
  parameters: Record<string, string>,
): Promise<Omit<LoginResult, 'clientId'>> {
  const body = new URLSearchParams({
    grant_type: GrantType.AuthorizationCode,
    ...parameters,
  });
  if (clientSecret !== undefined) {
    body.set('client_secret', clientSecret);
  }
  const answer = await send(issuer + endpoints.token, { body });
  return {
    accessToken: String(answer['access_token']),
    refreshToken: answer['refresh_token'] as string | undefined,
    expiresIn: Number(answer['expires_in']),
    scope: typeof answer['scope'] === 'string' ? answer['scope'] : '',
  };
}

async function send(url: string, init: RequestInit): Promise<OAuthAnswer> {
  const response = await fetch(url, { method: 'POST', ...init });
  const answer = (await response.json()) as OAuthAnswer;
  if (!response.ok) {
    throw loginError(answer, LoginMessages.refused(response.status));
  }
  return answer;
}

function loginError(answer: OAuthAnswer, fallback: string): Error {
  const { error = 'login_failed', error_description: text = fallback } = answer;
  return new LocalZoneLoginError(error, LoginMessages.failed(error, text));
}

function onlyOwnedResource({ model }: ZoneContext): string {
  const resources = [...model.resources.values()];
  const owned = resources.filter(({ ownedBy }) => ownedBy !== undefined);
  const [first, ...others] = owned;
  if (!first || others.length > 0) {
    throw new LocalZoneConfigurationError(DeclarationMessages.loginResource());
  }
  return first.identifier;
}

function scopesOf({ model }: ZoneContext, resource: string): string {
  return model.resources.get(resource)?.scopes.join(' ') ?? '';
}
