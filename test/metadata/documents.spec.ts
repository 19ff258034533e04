import { describe, expect, it } from 'vitest';
import { describeAuthorizationServer } from '../../lib/metadata/authorization-server.document.js';
import { describeResource } from '../../lib/metadata/protected-resource.document.js';
import { ProtectedResource } from '../../lib/verification/protected-resource.js';

const ISSUER = 'https://zone.example.com';
const MCP = 'https://mcp.example.com/mcp';

const targetOf = (init: object = {}) =>
  new ProtectedResource({ identifier: MCP, path: '/mcp', ...init }).in({
    issuer: ISSUER,
  });

describe('the metadata of a resource', () => {
  it('leaves out what there is not', () => {
    expect(describeResource(targetOf(), {})).toEqual({
      resource: MCP,
      authorization_servers: [ISSUER],
      bearer_methods_supported: ['header'],
    });
  });

  it('has all there is, and nothing of client registration', () => {
    const target = targetOf({
      name: 'Notes',
      documentation: 'https://docs.example.com',
      requiredScopes: ['b', 'offline_access'],
      scopesSupported: ['a', 'b'],
    });
    const dpop = { algorithms: ['ES256'], required: true };
    expect(describeResource(target, { keysUrl: 'https://k', dpop })).toEqual({
      resource: MCP,
      authorization_servers: [ISSUER],
      bearer_methods_supported: ['header'],
      jwks_uri: 'https://k',
      scopes_supported: ['a', 'b'],
      resource_name: 'Notes',
      resource_documentation: 'https://docs.example.com',
      dpop_signing_alg_values_supported: ['ES256'],
      dpop_bound_access_tokens_required: true,
    });
  });
});

describe('the metadata of the authorization server', () => {
  const describeWith = (endpoint?: string) =>
    describeAuthorizationServer(
      {
        issuer: ISSUER,
        token_endpoint: `${ISSUER}/token`,
        ...(endpoint !== undefined && { authorization_endpoint: endpoint }),
      },
      MCP,
    );

  const ADDED = `resource=${encodeURIComponent(MCP)}`;

  it.each([
    ['https://z/authorize', `https://z/authorize?${ADDED}`],
    ['https://z/authorize?', `https://z/authorize?${ADDED}`],
    ['https://z/authorize?a=b', `https://z/authorize?a=b&${ADDED}`],
    ['https://z/authorize?a=', `https://z/authorize?a=&${ADDED}`],
    ['https://z/authorize?resource=x', `https://z/authorize?${ADDED}`],
    [
      'https://z/authorize?resource=x&b=c&resource=y',
      `https://z/authorize?${ADDED}&b=c`,
    ],
    ['no URL', 'no URL'],
  ])('has one resource in %s', (endpoint, expected) => {
    expect(describeWith(endpoint)).toEqual({
      issuer: ISSUER,
      token_endpoint: `${ISSUER}/token`,
      authorization_endpoint: expected,
    });
  });

  it('is left alone without an authorization endpoint', () => {
    expect(describeWith()).not.toHaveProperty('authorization_endpoint');
  });
});
