import type { LocalZoneProfile } from './local-zone.options.js';

/** Paths of a zone's endpoints, in the words of oidc-provider. */
export interface ZoneEndpoints {
  readonly authorization: string;
  readonly token: string;
  readonly registration: string;
  readonly introspection: string;
  readonly revocation: string;
  readonly jwks: string;
  readonly userinfo: string;
}

/**
 * What a request to the zone is about.
 *
 * @publicApi
 */
export type CallKind =
  | 'discovery'
  | 'jwks'
  | 'registration'
  | 'authorize'
  | 'token'
  | 'introspect'
  | 'revoke'
  | 'userinfo'
  | 'page';

const PROFILES: Record<LocalZoneProfile, ZoneEndpoints> = {
  keycard: {
    authorization: '/oauth/2/authorize',
    token: '/oauth/2/token',
    registration: '/oauth/2/registration',
    introspection: '/oauth/2/introspect',
    revocation: '/oauth/2/revoke',
    jwks: '/openidconnect/jwks',
    userinfo: '/openid/connect/userinfo',
  },
  plain: {
    authorization: '/oauth/authorize',
    token: '/oauth/token',
    registration: '/oauth/register',
    introspection: '/oauth/introspect',
    revocation: '/oauth/revoke',
    jwks: '/.well-known/jwks.json',
    userinfo: '/oauth/userinfo',
  },
};

export function endpointsOf(profile: LocalZoneProfile): ZoneEndpoints {
  return PROFILES[profile];
}

/** Sorts a request path into its kind. */
export function kindOfPath(path: string, endpoints: ZoneEndpoints): CallKind {
  switch (path) {
    case endpoints.authorization:
      return 'authorize';
    case endpoints.token:
      return 'token';
    case endpoints.registration:
      return 'registration';
    case endpoints.introspection:
      return 'introspect';
    case endpoints.revocation:
      return 'revoke';
    case endpoints.jwks:
      return 'jwks';
    case endpoints.userinfo:
      return 'userinfo';
  }
  if (path.startsWith('/.well-known/')) {
    return 'discovery';
  }
  if (path.startsWith(`${endpoints.authorization}/`)) {
    return 'authorize';
  }
  return 'page';
}
