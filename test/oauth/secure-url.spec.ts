import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  InsecureUrlError,
  isLoopback,
  parseSecureUrl,
} from '../../lib/oauth/index.js';

describe('parseSecureUrl', () => {
  it.each([
    'https://as.example.com',
    'https://as.example.com:8443/tenant?x=1',
    'http://localhost:8080',
    'http://127.0.0.1:1',
    'http://[::1]:8080/',
    'http://zone.localhost:8080',
  ])('accepts %s', (url) => {
    expect(parseSecureUrl(url).href).toBe(new URL(url).href);
  });

  it.each([
    ['http elsewhere', 'http://as.example.com'],
    ['http on an address like loopback', 'http://127.0.0.1.example.com'],
    ['http on a name like localhost', 'http://localhost.example.com'],
    ['http on a name that ends like localhost', 'http://evil-localhost'],
    ['http on a private address', 'http://10.0.0.1'],
    ['another scheme', 'ftp://as.example.com'],
    ['a script', 'javascript:alert(1)'],
    ['a file', 'file:///etc/passwd'],
    ['data', 'data:application/json,{}'],
    ['a user', 'https://user@as.example.com'],
    ['a password', 'https://:secret@as.example.com'],
    ['a relative URL', '/token'],
    ['no URL', 'not a URL'],
    ['nothing', ''],
  ])('refuses %s', (_case, url) => {
    expect(() => parseSecureUrl(url)).toThrow(InsecureUrlError);
  });

  it.each([
    'https://user:hunter2@as.example.com/path',
    'http://user:hunter2@127.0.0.1',
    'https:\\\\user:hunter2@as.example.com',
    'https//user:hunter2@as.example.com',
    'https://user:hunter2@@as.example.com:x',
  ])('does not repeat the password of %s', (url) => {
    const error = errorOf(() => parseSecureUrl(url));
    expect(error).toBeInstanceOf(InsecureUrlError);
    expect(inspect(error)).not.toContain('hunter2');
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });

  it('says which URL it is about', () => {
    const error = errorOf(() => parseSecureUrl('http://as.example.com/x'));
    expect(error).toMatchObject({
      code: 'ERR_INSECURE_URL',
      retryable: false,
      url: 'http://as.example.com/x',
      message: expect.stringContaining('http://as.example.com/x'),
    });
  });
});

describe('isLoopback', () => {
  it.each([
    ['http://localhost', true],
    ['http://a.b.localhost:1', true],
    ['http://127.0.0.1', true],
    ['http://2130706433', true],
    ['http://[::1]', true],
    ['http://localhost.', false],
    ['http://127.0.0.2', false],
    ['http://0.0.0.0', false],
    ['http://[::ffff:127.0.0.1]', false],
    ['http://notlocalhost', false],
  ])('%s: %s', (url, expected) => {
    expect(isLoopback(new URL(url))).toBe(expected);
  });
});

function errorOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
