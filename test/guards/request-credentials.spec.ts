import { describe, expect, it } from 'vitest';
import {
  readCredentials,
  readProofs,
} from '../../lib/guards/request-credentials.js';

const read = (authorization?: string, url = '/mcp', rawHeaders?: string[]) =>
  readCredentials({ headers: { authorization }, url, rawHeaders });

describe('credentials of a request', () => {
  it.each([
    ['absent', undefined],
    ['empty', ''],
  ])('none: the header is %s', (_case, header) => {
    expect(read(header)).toEqual({ kind: 'none' });
  });

  it.each([
    ['Bearer abc', 'bearer', 'abc'],
    ['bearer abc', 'bearer', 'abc'],
    ['BEARER abc', 'bearer', 'abc'],
    ['DPoP abc', 'dpop', 'abc'],
    ['dpop abc==', 'dpop', 'abc=='],
    ['Bearer a-b._~+/c=', 'bearer', 'a-b._~+/c='],
  ])('a token: %s', (header, scheme, token) => {
    expect(read(header)).toEqual({ kind: 'token', scheme, token });
  });

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer  abc',
    ' Bearer abc',
    'Bearer abc ',
    'Bearer abc def',
    'Bearer abc,def',
    'Bearer abc, Bearer def',
    'Bearer\tabc',
    'Bearer\u00a0abc',
    'Bearer abc\n',
    'Bearer "abc"',
    'Bearer =',
    'Bearer a=b',
    'Bearer ü',
    'Bearerabc',
    'Basic YTpi',
    'Token abc',
    'MAC abc',
    'abc',
    ',',
  ])('malformed: %j', (header) => {
    expect(read(header)).toEqual({ kind: 'malformed' });
  });

  it.each([
    '/mcp?access_token=abc',
    '/mcp?access_token',
    '/mcp?a=1&access_token=',
    '/mcp?access%5Ftoken=abc',
    '/mcp?a?b&access_token=x',
    '?access_token=x',
  ])('malformed, whatever the header says: %s', (url) => {
    expect(read(undefined, url)).toEqual({ kind: 'malformed' });
    expect(read('Bearer abc', url)).toEqual({ kind: 'malformed' });
  });

  it.each(['/access_token=x', '/mcp?token=x', '/mcp?x=access_token', '/mcp?'])(
    'not in the query: %s',
    (url) => {
      expect(read('Bearer abc', url).kind).toBe('token');
    },
  );

  it('malformed: the header is there twice, in any spelling', () => {
    const raw = ['Authorization', 'Bearer abc', 'AUTHORIZATION', 'Bearer abc'];
    expect(read('Bearer abc', '/', raw)).toEqual({ kind: 'malformed' });
    expect(read('Bearer abc', '/', raw.slice(0, 2)).kind).toBe('token');
  });

  it('malformed: the header is there twice, first without a value', () => {
    const raw = ['Authorization', '', 'Authorization', 'Bearer abc'];
    expect(read('', '/', raw)).toEqual({ kind: 'malformed' });
  });

  it('all proofs are seen, however they were sent', () => {
    const headers = { dpop: 'a, b' };
    expect(
      readProofs({ headers, rawHeaders: ['DPoP', 'a', 'x', 'y', 'dpop', 'b'] }),
    ).toEqual(['a', 'b']);
    expect(readProofs({ headers: { dpop: 'a' } })).toEqual(['a']);
    expect(readProofs({ headers: { dpop: ['a', 'b'] } })).toEqual(['a', 'b']);
    expect(readProofs({ headers: {} })).toEqual([]);
  });
});
