import { ClientSecret, KeycardAuthGuard } from 'nestjs-keycard';
import type { KeycardModuleOptions } from 'nestjs-keycard';
import { describe, expect, it } from 'vitest';
import type { Environment } from '../../lib/options/environment.js';
import { createKeycardConfig } from '../../lib/options/keycard-config.factory.js';

const ZONE = 'https://zone.example.com';
const RESOURCE = 'https://mcp.example.com/mcp';

const configure = (
  options: KeycardModuleOptions = {},
  environment: Environment = {},
) =>
  createKeycardConfig(
    { zoneUrl: ZONE, resourceUrl: RESOURCE, ...options },
    environment,
  );

const issuerOf = (options: KeycardModuleOptions, environment: Environment) =>
  configure({ zoneUrl: undefined, ...options }, environment).zones.issuer;

describe('the zone comes from', () => {
  it.each<[string, KeycardModuleOptions, Environment, string]>([
    ['the option', { zoneUrl: ZONE }, { KEYCARD_ZONE_URL: 'https://e' }, ZONE],
    ['KEYCARD_ZONE_URL', {}, { KEYCARD_ZONE_URL: ZONE }, ZONE],
    ['KEYCARD_URL', {}, { KEYCARD_URL: `${ZONE}/` }, ZONE],
    ['KEYCARD_ISSUER', {}, { KEYCARD_ISSUER: ` ${ZONE} ` }, ZONE],
    [
      'a variable, when the option is blank',
      { zoneUrl: ' ' },
      { KEYCARD_ZONE_URL: ZONE },
      ZONE,
    ],
    [
      'the next variable, when one is blank',
      {},
      { KEYCARD_ZONE_URL: '', KEYCARD_URL: ZONE },
      ZONE,
    ],
    [
      'two variables that agree',
      {},
      { KEYCARD_ZONE_URL: ZONE, KEYCARD_ISSUER: `${ZONE}/` },
      ZONE,
    ],
    ['an id', { zoneId: 'abc' }, {}, 'https://abc.keycard.cloud'],
    [
      'an id below a root of one’s own',
      {},
      {
        KEYCARD_ZONE_ID: 'abc',
        KEYCARD_BASE_URL: 'https://root.example:8443/',
      },
      'https://abc.root.example:8443',
    ],
    [
      'the URL rather than the id',
      { zoneId: 'abc' },
      { KEYCARD_ZONE_URL: ZONE },
      ZONE,
    ],
  ])('%s', (_case, options, environment, issuer) => {
    expect(issuerOf(options, environment)).toBe(issuer);
  });

  it('not from two variables that differ', () => {
    expect(() =>
      issuerOf({}, { KEYCARD_ZONE_URL: ZONE, KEYCARD_URL: 'https://other' }),
    ).toThrow(/KEYCARD_ZONE_URL and KEYCARD_URL/);
    // An option settles it.
    expect(
      issuerOf(
        { zoneUrl: ZONE },
        { KEYCARD_ZONE_URL: 'https://a', KEYCARD_URL: 'https://b' },
      ),
    ).toBe(ZONE);
  });

  it.each(['evil.com\\', 'A', 'a.b', '-', 'x'.repeat(64), 'a@b'])(
    'not from the id "%.20s"',
    (zoneId) => {
      expect(() => issuerOf({ zoneId }, {})).toThrow('zone');
    },
  );
});

const resource = (options: KeycardModuleOptions, environment: Environment) =>
  configure({ resourceUrl: undefined, ...options }, environment);

describe('the public URL comes from', () => {
  it.each<[string, KeycardModuleOptions, Environment, string]>([
    [
      'the option',
      { resourceUrl: RESOURCE },
      { MCP_SERVER_URL: 'https://e/mcp' },
      RESOURCE,
    ],
    [
      'MCP_SERVER_URL',
      { resourceUrl: '' },
      { MCP_SERVER_URL: RESOURCE },
      RESOURCE,
    ],
    ['the port', {}, { PORT: '8080' }, 'http://localhost:8080/mcp'],
    ['a guess', {}, { PORT: ' ' }, 'http://localhost:3000/mcp'],
    ['the path', { mcp: { path: '/x' } }, {}, 'http://localhost:3000/x'],
  ])('%s', (_case, options, environment, expected) => {
    expect(resource(options, environment).resource.identifier).toBe(expected);
  });

  it('a guess with a warning, and in production not at all', () => {
    expect(resource({}, {}).warnings).toEqual([
      'resourceUrl is not configured; using http://localhost:3000/mcp, which only works in development. Set resourceUrl (MCP_SERVER_URL).',
    ]);
    expect(() => resource({}, { NODE_ENV: 'production' })).toThrow(
      'MCP_SERVER_URL',
    );
  });

  it.each([
    'mcp.example.com',
    'http://mcp.example.com/mcp',
    'https://user:pw@mcp.example.com/mcp',
    'https://mcp.example.com/mcp?x',
    'https://mcp.example.com/mcp#x',
    'https://mcp.example.com:443/mcp',
    'https://MCP.example.com/mcp',
    'https://mcp.example.com/a/../mcp',
    'https://mcp.example.com/ö',
    'ftp://localhost/mcp',
    'https://{zone}.example.com/mcp',
  ])('not from %s', (resourceUrl) => {
    expect(() => resource({ resourceUrl }, {})).toThrow('resourceUrl');
  });

  it.each([
    ['https://h.example', ''],
    ['https://h.example/', ''],
    ['https://h.example/a/b', '/a/b'],
    ['https://h.example/a/', '/a'],
  ])('whose path is taken over: %s', (resourceUrl, path) => {
    expect(resource({ resourceUrl }, {}).resource).toMatchObject({
      identifier: resourceUrl,
      path,
    });
  });

  it.each([
    ['https://h.example/mcp', '/mcp'],
    ['https://h.example/{zone}/mcp', '/mcp'],
    ['https://h.example/{zone}', ''],
    ['https://h.example', ''],
  ])('without the zone, in %s', (resourceUrl, path) => {
    const options = { enableMultiZone: true, zones: ['a'], resourceUrl };
    expect(resource(options, {}).resource.path).toBe(path);
  });
});

describe('the credential comes from', () => {
  const PAIR = { KEYCARD_CLIENT_ID: 'id', KEYCARD_CLIENT_SECRET: 'secret' };

  it('the option, else both variables, else nowhere', () => {
    const own = new ClientSecret('own', 'secret');
    expect(configure({ applicationCredential: own }, PAIR).credential).toBe(
      own,
    );
    expect(configure({}, PAIR).credential).toBeInstanceOf(ClientSecret);
    expect(configure({}, {}).credential).toBeUndefined();
    expect(
      configure({}, { KEYCARD_CLIENT_ID: ' ', KEYCARD_CLIENT_SECRET: '' })
        .credential,
    ).toBeUndefined();
  });

  it.each([
    [{ KEYCARD_CLIENT_ID: 'id' }, 'KEYCARD_CLIENT_SECRET is not'],
    [
      { KEYCARD_CLIENT_SECRET: 'secret-text', KEYCARD_CLIENT_ID: '' },
      'KEYCARD_CLIENT_ID is not',
    ],
  ])('not from a half of it', (environment, message) => {
    expect(() => configure({}, environment)).toThrow(message);
    expect(() => configure({}, environment)).not.toThrow('secret-text');
  });
});

describe('defaults', () => {
  it('are the safe ones', () => {
    const config = configure();
    expect(config).toMatchObject({
      protect: 'declared',
      guard: KeycardAuthGuard,
      warnings: [],
      tokens: { dpop: undefined, introspection: undefined },
      mcp: { path: '/mcp', filtersLists: true, stateless: true },
    });
    expect(config.resource.audience).toBeUndefined();
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('name what is unsafe', () => {
    expect(configure({ audience: false }).warnings).toEqual([
      'audience is false: every token of the zone is accepted, whatever it was issued for.',
    ]);
  });

  it.each<[string, KeycardModuleOptions, string]>([
    ['a root with a slash', { metadata: { root: '/x/' } }, 'metadata.root'],
    ['a path with a query', { metadata: { jwks: '/x?y' } }, 'metadata.jwks'],
    [
      'a path that is none',
      { metadata: { protectedResource: 'x' } },
      'metadata.protectedResource',
    ],
    ['a negative limit', { mcp: { bodyLimit: -1 } }, 'mcp.bodyLimit'],
    [
      'a limit in words',
      { mcp: { callTimeout: 'x' as never } },
      'mcp.callTimeout',
    ],
    [
      'no number of sessions',
      { mcp: { sessions: { maxSessions: NaN } } },
      'maxSessions',
    ],
    ['no algorithm', { tokens: { algorithms: [] } }, 'tokens.algorithms'],
    ['alg none', { tokens: { algorithms: ['none'] } }, 'tokens.algorithms'],
    [
      'a negative tolerance',
      { tokens: { clockTolerance: -1 } },
      'clockTolerance',
    ],
    [
      'introspection without a credential',
      { tokens: { introspection: true } },
      'KEYCARD_CLIENT_ID',
    ],
    ['an audience that is blank', { audience: '' }, 'audience'],
    ['a scope that is none', { requiredScopes: 'a\\b' }, 'is not a scope'],
  ])('%s stops the boot', (_case, options, message) => {
    expect(() => configure(options)).toThrow(message);
  });
});
