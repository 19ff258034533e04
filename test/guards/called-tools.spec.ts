import { describe, expect, it } from 'vitest';
import { scopesOfMessages } from '../../lib/guards/called-tools.js';

const SCOPES = [
  new Map([
    ['write', ['files:write']],
    ['both', ['a', 'b']],
  ]),
  new Map([['write', ['admin']]]),
];

const call = (name: unknown) => ({ method: 'tools/call', params: { name } });

const scopesOf = (body: unknown, method = 'POST') =>
  scopesOfMessages({ method, body, headers: {} }, SCOPES);

describe('scopes of messages', () => {
  it.each<[string, unknown, string[]]>([
    ['a call', call('both'), ['a', 'b']],
    ['a call both decorators name', call('write'), ['files:write', 'admin']],
    ['a call of another tool', call('read'), []],
    [
      'a batch',
      [call('read'), call('both'), call('both')],
      ['a', 'b', 'a', 'b'],
    ],
    ['an empty batch', [], []],
    ['another method', { method: 'tools/list', params: { name: 'both' } }, []],
    ['a name every object has', call('constructor'), []],
    ['a name that is no text', call(['both']), []],
    ['a call without parameters', { method: 'tools/call' }, []],
    [
      'a call with null for parameters',
      { method: 'tools/call', params: null },
      [],
    ],
    ['what is no message', [null, 1, 'text', undefined], []],
  ])('%s', (_case, body, scopes) => {
    expect(scopesOf(body)).toEqual(scopes);
  });

  it.each([undefined, null, '{"method":"tools/call"}', 1])(
    'are unknown where nobody parsed the body: %j',
    (body) => {
      expect(() => scopesOf(body)).toThrow('must be JSON');
      expect(scopesOf(body, 'GET')).toEqual([]);
      expect(scopesOf(body, 'DELETE')).toEqual([]);
      const withoutTools = { method: 'POST', body, headers: {} };
      expect(scopesOfMessages(withoutTools, [])).toEqual([]);
    },
  );
});
