import { describe, expect, it } from 'vitest';
import {
  isZoneId,
  normalizeIssuer,
  resolveIssuer,
  withoutTrailingSlash,
  ZoneConfigurationError,
  zoneIssuer,
  type ZoneSettings,
} from '../../lib/zone/index.js';
import { HOSTILE_ZONE_IDS } from '../support/hostile-zone-ids.js';

describe('resolveIssuer', () => {
  it.each<[string, ZoneSettings, string]>([
    ['zone id', { zoneId: 'abc' }, 'https://abc.keycard.cloud'],
    [
      'zone id and base URL',
      { zoneId: 'abc', baseUrl: 'https://custom.keycard.example.com' },
      'https://abc.custom.keycard.example.com',
    ],
    [
      'base URL with a port',
      { zoneId: 'dev123', baseUrl: 'https://staging.example.com:8443' },
      'https://dev123.staging.example.com:8443',
    ],
    [
      'base URL with the default port',
      { zoneId: 'abc', baseUrl: 'https://example.com:443' },
      'https://abc.example.com',
    ],
    [
      'base URL with a path',
      { zoneId: 'abc', baseUrl: 'https://example.com/some/path/' },
      'https://abc.example.com',
    ],
    [
      'base URL on localhost',
      { zoneId: 'abc', baseUrl: 'http://localhost:8080' },
      'http://abc.localhost:8080',
    ],
    [
      'zone URL alone',
      { zoneUrl: 'https://zone.example.com' },
      'https://zone.example.com',
    ],
    [
      'zone URL before all else',
      { zoneUrl: 'https://z.example.com', zoneId: 'abc', baseUrl: 'https://b' },
      'https://z.example.com',
    ],
    [
      'zone URL with a slash',
      { zoneUrl: 'https://z.example.com/' },
      'https://z.example.com',
    ],
    [
      'zone URL with slashes',
      { zoneUrl: 'https://z.example.com///' },
      'https://z.example.com',
    ],
    [
      'zone URL with a path',
      { zoneUrl: 'https://z.example.com/Tenant/' },
      'https://z.example.com/Tenant',
    ],
    [
      'zone URL as nobody compares it',
      { zoneUrl: ' HTTPS://Z.Example.com:443/? ' },
      'https://z.example.com',
    ],
  ])('%s', (_case, settings, issuer) => {
    expect(resolveIssuer(settings)).toBe(issuer);
  });

  it.each<[string, ZoneSettings]>([
    ['nothing', {}],
    ['a base URL alone', { baseUrl: 'https://example.com' }],
    ['blanks', { zoneUrl: '', zoneId: '' }],
    ['a plain zone URL', { zoneUrl: 'http://zone.example.com' }],
    ['a zone URL that is none', { zoneUrl: 'zone.example.com' }],
    ['a zone URL with a query', { zoneUrl: 'https://z.example.com?x=1' }],
    ['a zone URL with a fragment', { zoneUrl: 'https://z.example.com#x' }],
    ['a zone URL with a user', { zoneUrl: 'https://u@z.example.com' }],
    ['a plain base URL', { zoneId: 'abc', baseUrl: 'http://example.com' }],
    ['an address as base URL', { zoneId: 'abc', baseUrl: 'https://10.0.0.1' }],
    ['an IPv6 base URL', { zoneId: 'abc', baseUrl: 'http://[::1]:80' }],
  ])('refuses %s', (_case, settings) => {
    expect(() => resolveIssuer(settings)).toThrow(ZoneConfigurationError);
  });

  it.each([
    [{ zoneUrl: 'https://u:hunter2@z.example.com' }],
    [{ zoneId: 'abc', baseUrl: 'https//u:hunter2@z.example.com' }],
  ])('does not repeat a password: %j', (settings) => {
    expect(() => resolveIssuer(settings)).toThrow(/^(?!.*hunter2).*must be/s);
  });

  it('names the setting', () => {
    expect(() => normalizeIssuer('zoneUrl', 'x')).toThrow(/^zoneUrl .*"x"/);
  });
});

describe('zone ids', () => {
  it.each([
    'a',
    '0',
    'abc',
    'a-b_c',
    'a--b',
    '4f8b2k1m9x7c3v5n6q0w2e1r8t',
    'x'.repeat(63),
    'axn--b',
    'localhost',
    '0x7f',
  ])('%s is one', (id) => {
    expect(isZoneId(id)).toBe(true);
    expect(zoneIssuer('https://keycard.cloud', id)).toBe(
      `https://${id}.keycard.cloud`,
    );
  });

  it.each(HOSTILE_ZONE_IDS)('%j is none', (id) => {
    expect(() => zoneIssuer('https://keycard.cloud', id)).toThrow(
      ZoneConfigurationError,
    );
  });

  it.each([undefined, null, 1, {}, ['abc'], new String('abc')])(
    '%s is none',
    (id) => {
      expect(isZoneId(id)).toBe(false);
    },
  );
});

describe('withoutTrailingSlash', () => {
  it.each([
    ['https://a', 'https://a'],
    ['https://a/', 'https://a'],
    ['https://a///', 'https://a'],
    ['https://a/b', 'https://a/b'],
    ['/', ''],
    ['', ''],
  ])('%j: %j', (value, expected) => {
    expect(withoutTrailingSlash(value)).toBe(expected);
  });
});
