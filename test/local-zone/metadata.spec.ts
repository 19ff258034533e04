import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from './world.js';

const PATHS = {
  keycard: {
    authorization_endpoint: '/oauth/2/authorize',
    token_endpoint: '/oauth/2/token',
    registration_endpoint: '/oauth/2/registration',
    introspection_endpoint: '/oauth/2/introspect',
    revocation_endpoint: '/oauth/2/revoke',
    userinfo_endpoint: '/openid/connect/userinfo',
    jwks_uri: '/openidconnect/jwks',
  },
  plain: {
    authorization_endpoint: '/oauth/authorize',
    token_endpoint: '/oauth/token',
    registration_endpoint: '/oauth/register',
    introspection_endpoint: '/oauth/introspect',
    revocation_endpoint: '/oauth/revoke',
    userinfo_endpoint: '/oauth/userinfo',
    jwks_uri: '/.well-known/jwks.json',
  },
} as const;

describe.each(['keycard', 'plain'] as const)(
  'metadata, %s paths',
  (profile) => {
    let world: World;
    beforeAll(async () => {
      world = await startWorld({ profile });
    });
    afterAll(() => world.close());

    it.each(['oauth-authorization-server', 'openid-configuration'])(
      'publishes %s with the exact issuer and endpoints',
      async (name) => {
        const { issuer } = world.zone;
        const response = await fetch(`${issuer}/.well-known/${name}`);
        const document = (await response.json()) as Record<string, unknown>;
        expect(document['issuer']).toBe(issuer);
        for (const [member, path] of Object.entries(PATHS[profile])) {
          expect(document[member]).toBe(issuer + path);
        }
        expect(document['code_challenge_methods_supported']).toEqual(['S256']);
        expect(document['response_types_supported']).toEqual(['code']);
        expect(document['scopes_supported']).toEqual(
          expect.arrayContaining(['openid', 'mcp:tools', 'events:read']),
        );
      },
    );

    it('has handle members that agree with the metadata', () => {
      const { zone, api } = world;
      expect(zone.tokenEndpoint).toBe(api.metadata['token_endpoint']);
      expect(zone.jwksUri).toBe(api.metadata['jwks_uri']);
      expect(zone.authorizationEndpoint).toBe(
        api.metadata['authorization_endpoint'],
      );
    });

    it('publishes public keys only', async () => {
      const response = await fetch(world.zone.jwksUri);
      const { keys } = (await response.json()) as { keys: object[] };
      expect(keys).toHaveLength(1);
      expect(keys[0]).toMatchObject({ kty: 'RSA', use: 'sig', alg: 'RS256' });
      expect(Object.keys(keys[0] ?? {})).not.toContain('d');
    });

    it.each(['127.0.0.1', 'localhost'])(
      'names the same issuer through %s',
      async (host) => {
        const { zone } = world;
        const url = `http://${host}:${zone.port}/.well-known/openid-configuration`;
        const document = (await (await fetch(url)).json()) as object;
        expect(document).toMatchObject({
          issuer: zone.issuer,
          token_endpoint: zone.tokenEndpoint,
          jwks_uri: zone.jwksUri,
        });
      },
    );

    it.each([
      ['evil.example', 403],
      ['localhost.evil.example', 403],
      ['evil.example:80', 403],
      ['LOCALHOST', 200],
      ['[::1]:1', 200],
    ])('answers Host %s with %i', async (host, expected) => {
      expect(await statusForHost(world.zone.port, host)).toBe(expected);
    });

    it('answers a request for another server with 400', async () => {
      const path = 'http://evil.example/.well-known/openid-configuration';
      expect(await statusForHost(world.zone.port, 'localhost', path)).toBe(400);
    });

    it('counts discovery and key set requests apart', async () => {
      world.zone.clearCalls();
      await fetch(world.zone.jwksUri);
      await fetch(`${world.zone.issuer}/.well-known/openid-configuration`);
      expect(world.zone.count('jwks')).toBe(1);
      expect(world.zone.count('discovery')).toBe(1);
    });
  },
);

function statusForHost(
  port: number,
  host: string,
  path = '/.well-known/oauth-authorization-server',
): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, headers: { host } };
    const request = get(options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
  });
}
