import { describe, expect, it } from 'vitest';
import { ProtectedResource } from '../../lib/verification/protected-resource.js';

const create = (identifier: string, isZoneInPath = false) =>
  new ProtectedResource({ identifier, path: '/mcp', isZoneInPath });
const single = { issuer: 'https://zone.example.com' };
const acme = { id: 'acme', issuer: 'https://acme.keycard.cloud' };
const WELL_KNOWN = '/.well-known/oauth-protected-resource';

describe('ProtectedResource', () => {
  it.each([
    ['https://mcp.example.com/mcp', `https://mcp.example.com${WELL_KNOWN}/mcp`],
    ['https://mcp.example.com', `https://mcp.example.com${WELL_KNOWN}`],
    ['https://mcp.example.com/', `https://mcp.example.com${WELL_KNOWN}`],
    ['https://h:8443/a/b/', `https://h:8443${WELL_KNOWN}/a/b`],
    ['https://h/mcp?x=1', `https://h${WELL_KNOWN}/mcp`],
  ])('one zone: %s', (identifier, metadataUrl) => {
    const target = create(identifier).in(single);
    expect(target).toMatchObject({
      identifier,
      path: '/mcp',
      audience: [identifier],
      metadataUrl,
      zone: single,
    });
  });

  it('many zones: the zone stands before the path, after the well-known name', () => {
    expect(create('https://h:8443/mcp', true).in(acme)).toMatchObject({
      identifier: 'https://h:8443/acme/mcp',
      path: '/acme/mcp',
      audience: ['https://h:8443/acme/mcp'],
      metadataUrl: `https://h:8443${WELL_KNOWN}/acme/mcp`,
    });
  });

  it.each([
    ['https://h/mcp', 'https://h/mcp'],
    ['https://{zone}.h/mcp', 'https://acme.h/mcp'],
    ['https://h/{zone}/mcp/{zone}', 'https://h/acme/mcp/acme'],
  ])('many zones, none in the path: %s', (identifier, expected) => {
    expect(create(identifier).in(acme)).toMatchObject({
      identifier: expected,
      path: '/mcp',
      audience: [expected],
    });
  });

  it('is one target per zone', () => {
    const resource = create('https://h/mcp');
    expect(resource.in(acme)).toBe(resource.in({ ...acme }));
    expect(resource.in(acme)).not.toBe(resource.in(single));
  });

  it('lists its scopes in order, without offline_access', () => {
    const resource = new ProtectedResource({
      identifier: 'https://h/mcp',
      path: '/mcp',
      requiredScopes: ['z', 'a'],
      scopesSupported: ['offline_access', 'm', 'a'],
    });
    resource.support(['b', 'm']);
    expect(resource.scopesSupported).toEqual(['a', 'b', 'm', 'z']);
    expect(resource.requiredScopes).toEqual(['z', 'a']);
  });
});
