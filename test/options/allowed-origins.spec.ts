import { describe, expect, it } from 'vitest';
import {
  createHostMatcher,
  createOriginMatcher,
} from '../../lib/options/allowed-origins.js';

const LOCAL = 'http://localhost:3000/mcp';
const PUBLIC = 'https://mcp.example.com/mcp';
const ZONED = 'https://{zone}.example.com/mcp';

const REBOUND = [
  'localhost.evil.com',
  'localhost.evil.com:3000',
  'evil.com',
  'evil.com:3000',
  '127.0.0.1.nip.io',
  '127.0.0.1.nip.io:3000',
  'localhost.',
  'mylocalhost',
  'localhost@evil.com',
  'evil.com@localhost',
  'a:b@localhost',
  'localhost/evil',
  'localhost?x',
  'localhost#x',
  'localhost\\evil',
  '{zone}.localhost',
  'localhost:port',
  'localhost:999999',
  '[::1',
  '[::2]',
  '::1',
  '0.0.0.0',
  '192.168.0.1',
  '',
  ' localhost',
];

describe('hosts', () => {
  it.each([
    'localhost',
    'localhost:3000',
    'LOCALHOST:1',
    '127.0.0.1:8080',
    '[::1]:3000',
    '[::1]',
    'a.localhost:3000',
  ])('of this machine: %s', (host) => {
    expect(createHostMatcher(LOCAL)(host)).toBe(true);
  });

  it.each(REBOUND)('not of this machine: "%s"', (host) => {
    expect(createHostMatcher(LOCAL)(host)).toBe(false);
  });

  it.each([
    [PUBLIC, 'mcp.example.com', true],
    [PUBLIC, 'MCP.Example.Com', true],
    [PUBLIC, 'mcp.example.com:8443', false],
    [PUBLIC, 'mcp.example.com.evil.com', false],
    [PUBLIC, 'evil-mcp.example.com', false],
    [PUBLIC, 'example.com', false],
    [PUBLIC, 'localhost', false],
    ['https://mcp.example.com:8443/mcp', 'mcp.example.com:8443', true],
    ['https://mcp.example.com:8443/mcp', 'mcp.example.com', false],
    [ZONED, 'a.example.com', true],
    [ZONED, 'A.example.com', true],
    [ZONED, '.example.com', false],
    [ZONED, 'a.b.example.com', false],
    [ZONED, 'a_.example.com', false],
    [ZONED, 'evil.com/.example.com', false],
    [ZONED, '{zone}.example.com', false],
    [ZONED, 'example.com', false],
  ])('of %s: %s is %s', (identifier, host, expected) => {
    expect(createHostMatcher(identifier)(host)).toBe(expected);
  });

  it('that are listed replace the own one', () => {
    const matches = createHostMatcher(LOCAL, ['Internal:8080']);
    expect(['internal:8080', 'internal', 'localhost'].map(matches)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it.each(['https://mcp.example.com', 'a/b', 'a b', ''])(
    'that are none stop the boot: "%s"',
    (host) => {
      expect(() => createHostMatcher(LOCAL, [host])).toThrow('allowedHosts');
    },
  );
});

describe('origins', () => {
  it.each([
    'http://localhost',
    'http://localhost:6274',
    'https://localhost:6274',
    'http://127.0.0.1:1',
    'http://[::1]:3000',
  ])('of this machine: %s', (origin) => {
    expect(createOriginMatcher(LOCAL)(origin)).toBe(true);
  });

  it.each([
    ...REBOUND.map((host) => `http://${host}`),
    'null',
    'localhost',
    'file://localhost',
    'ftp://localhost',
    'chrome-extension://localhost',
    'javascript://localhost',
  ])('not of this machine: "%s"', (origin) => {
    expect(createOriginMatcher(LOCAL)(origin)).toBe(false);
  });

  it.each([
    [PUBLIC, 'https://mcp.example.com', true],
    [PUBLIC, 'http://mcp.example.com', false],
    [PUBLIC, 'https://mcp.example.com:444', false],
    [PUBLIC, 'https://mcp.example.com.evil.com', false],
    [PUBLIC, 'null', false],
    [PUBLIC, 'http://localhost', false],
    [ZONED, 'https://a.example.com', true],
    [ZONED, 'https://a.b.example.com', false],
    [ZONED, 'http://a.example.com', false],
  ])('of %s: %s is %s', (identifier, origin, expected) => {
    expect(createOriginMatcher(identifier)(origin)).toBe(expected);
  });

  it('that are listed replace the own one; * is any', () => {
    const listed = createOriginMatcher(LOCAL, [
      'https://app.example.com',
      'https://{zone}.app.example.com',
      'vscode-webview://panel',
    ]);
    expect(
      [
        'https://app.example.com',
        'https://a.app.example.com',
        'vscode-webview://panel',
        'http://localhost:3000',
        'https://evil.com.app.example.com',
      ].map(listed),
    ).toEqual([true, true, true, false, false]);
    expect(createOriginMatcher(LOCAL, ['*'])('https://any.example')).toBe(true);
  });

  it.each([
    'https://app.example.com/',
    'https://APP.example.com',
    'https://app.example.com:443',
    'https://app.example.com/path',
    'https://',
  ])('that no browser sends stop the boot: "%s"', (origin) => {
    expect(() => createOriginMatcher(LOCAL, [origin])).toThrow(
      'allowedOrigins',
    );
  });
});
