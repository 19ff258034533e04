import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  LocalZone,
  LocalZoneEnvironmentError,
} from 'nestjs-keycard/local-zone';
import { importOidcProvider } from '../../lib/local-zone/oidc-provider.loader.js';

const load = () => import('oidc-provider');
const output = globalThis.console;

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('in production', () => {
  it('a zone does not start', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    const start = LocalZone.start({});
    await expect(start).rejects.toThrow(LocalZoneEnvironmentError);
    await expect(start).rejects.toThrow('must not run in production');
  });

  it('a zone starts when forced', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    const zone = await LocalZone.start({}, { force: true });
    expect(zone.port).toBeGreaterThan(0);
    await zone.stop();
  });
});

describe('an old Node.js', () => {
  it('is named in the error', async () => {
    const parse = Object.getOwnPropertyDescriptor(URL, 'parse');
    Reflect.deleteProperty(URL, 'parse');
    try {
      await expect(LocalZone.start({})).rejects.toThrow(
        'needs Node.js 20.18.0 or newer',
      );
    } finally {
      Object.defineProperty(URL, 'parse', parse ?? {});
    }
  });
});

describe('loading oidc-provider', () => {
  const warning =
    'oidc-provider WARNING: Unsupported runtime. Use Node.js v22.x LTS, or a later LTS release.';

  it('turns its line about Node.js 20 into a notice', async () => {
    const warn = vi.spyOn(output, 'warn').mockImplementation(() => {});
    const { notices } = await importOidcProvider(() => {
      output.warn(`\u001B[31;1m${warning}\u001B[0m`);
      return load();
    });
    expect(notices).toEqual([warning]);
    expect(warn).not.toHaveBeenCalled();
    expect(Reflect.get(output, 'warn')).toBe(warn);
  });

  it('prints everything else', async () => {
    const warn = vi.spyOn(output, 'warn').mockImplementation(() => {});
    const { notices } = await importOidcProvider(() => {
      output.warn('something', 'else');
      return load();
    });
    expect(notices).toEqual([]);
    expect(warn).toHaveBeenCalledWith('something', 'else');
  });

  it('names the package to install when it is missing', async () => {
    const missing = Object.assign(
      new Error("Cannot find package 'oidc-provider' imported from x"),
      { code: 'ERR_MODULE_NOT_FOUND' },
    );
    const start = importOidcProvider(() => Promise.reject(missing));
    await expect(start).rejects.toThrow(LocalZoneEnvironmentError);
    await expect(start).rejects.toMatchObject({
      message: expect.stringContaining(
        'npm install --save-dev oidc-provider',
      ) as string,
      cause: missing,
    });
  });

  it('passes on any other failure', async () => {
    const other = new SyntaxError('unexpected token');
    const start = importOidcProvider(() => Promise.reject(other));
    await expect(start).rejects.toBe(other);
  });
});
