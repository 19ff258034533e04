import { describe, expect, it } from 'vitest';
import { writeChallenge, type Challenge } from '../../lib/guards/challenge.js';

describe('a challenge', () => {
  it.each<[string, Challenge, string]>([
    ['nothing but the scheme', {}, 'Bearer'],
    ['another scheme', { scheme: 'DPoP' }, 'DPoP'],
    [
      'everything, in this order',
      {
        scheme: 'DPoP',
        error: 'invalid_token',
        description: 'no',
        scopes: ['a', 'b'],
        algorithms: ['ES256', 'PS256'],
        metadataUrl: 'https://h/x',
      },
      'DPoP error="invalid_token", error_description="no", scope="a b", algs="ES256 PS256", resource_metadata="https://h/x"',
    ],
    ['no scopes', { scopes: [] }, 'Bearer'],
    [
      'quotes',
      { description: 'a "b" c' },
      String.raw`Bearer error_description="a \"b\" c"`,
    ],
    [
      'a backslash',
      { description: 'a\\' },
      String.raw`Bearer error_description="a\\"`,
    ],
    [
      'a header of its own',
      { description: 'a\r\nset-cookie: x=y' },
      'Bearer error_description="aset-cookie: x=y"',
    ],
    [
      'a null and a delete',
      { description: 'a\0\x7fb' },
      'Bearer error_description="ab"',
    ],
    [
      'letters beyond ASCII',
      { description: 'Zürich ✓ 日本' },
      'Bearer error_description="Zrich  "',
    ],
    ['a scope with a quote', { scopes: ['a"b', 'c'] }, 'Bearer scope="c"'],
    ['a scope beyond ASCII', { scopes: ['ädmin', 'a'] }, 'Bearer scope="a"'],
    ['offline_access', { scopes: ['offline_access', 'a'] }, 'Bearer scope="a"'],
    ['only offline_access', { scopes: ['offline_access'] }, 'Bearer'],
    [
      'a parameter more',
      { metadataUrl: 'https://h/", error="none' },
      String.raw`Bearer resource_metadata="https://h/\", error=\"none"`,
    ],
  ])('with %s', (_case, challenge, expected) => {
    expect(writeChallenge(challenge)).toBe(expected);
  });
});
