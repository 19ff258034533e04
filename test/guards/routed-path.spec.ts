import { describe, expect, it } from 'vitest';
import { publicUrlOf } from '../../lib/guards/public-url.js';
import {
  isBelow,
  pathOfTarget,
  toLenientPath,
} from '../../lib/guards/routed-path.js';
import { ProtectedResource } from '../../lib/verification/protected-resource.js';

describe('the path of a request target', () => {
  it.each([
    ['/a/b', '/a/b'],
    ['/a?b=/c', '/a'],
    ['/a#b', '/a'],
    ['/', '/'],
    ['', '/'],
    ['?a', '/'],
    ['http://h/a', '/a'],
    ['HTTPS://u:p@h:1/a?b', '/a'],
    ['http://h', '/'],
    ['http://h?a', '/'],
    ['http://h\\a', '\\a'],
    ['//h/a', '//h/a'],
    ['/http://h/a', '/http://h/a'],
  ])('%s', (target, path) => {
    expect(pathOfTarget(target)).toBe(path);
  });

  it.each([
    ['/Admin/X', '/admin/x'],
    ['/%61dmin', '/admin'],
    ['/%41dmin', '/admin'],
    ['//admin///x', '/admin/x'],
    ['/admin\\x', '/admin/x'],
    ['/admin;x=1', '/admin'],
    // A slash that is encoded is none, for any router.
    ['/admin%2fx', '/admin%2fx'],
    ['/%zz', '/%zz'],
    ['/%e4', '/%e4'],
  ])('as lenient as can be: %s', (path, expected) => {
    expect(toLenientPath(path)).toBe(expected);
  });

  it.each([
    ['/a', '/a', true],
    ['/a/b', '/a', true],
    ['/ab', '/a', false],
    ['/', '/a', false],
    ['/anything', '', true],
  ])('%s below "%s": %s', (path, above, expected) => {
    expect(isBelow(path, above)).toBe(expected);
  });
});

describe('the public URL of a path', () => {
  it.each([
    ['https://h/mcp', '/mcp', '/mcp', 'https://h/mcp'],
    ['https://h/public', '/area', '/area/x', 'https://h/public/x'],
    ['https://h', '', '/mcp', 'https://h/mcp'],
    ['https://h/', '', '/mcp', 'https://h/mcp'],
    ['https://h/public', '/area', '/areas', undefined],
  ])('%s, served at "%s": %s', (identifier, area, path, expected) => {
    const resource = new ProtectedResource({ identifier, path: area });
    const target = resource.in({ issuer: 'https://zone.example.com' });
    expect(publicUrlOf(target, path)).toBe(expected);
  });
});
