import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileKeyStore } from '../../../lib/credentials/web-identity/file-key-store.js';
import type { KeyStore } from '../../../lib/credentials/web-identity/key-store.interface.js';
import { MemoryKeyStore } from '../../../lib/credentials/web-identity/memory-key-store.js';
import type { WebIdentityOptions } from '../../../lib/credentials/web-identity/web-identity-options.interface.js';
import { WebIdentity } from '../../../lib/credentials/web-identity/web-identity.credential.js';
import { makeKey } from '../support/stored-keys.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

let warnings: string[];
beforeEach(() => {
  warnings = [];
  vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (milliseconds: number) =>
  vi.setSystemTime(Date.now() + milliseconds);

async function start(
  keyStore: KeyStore,
  options: Partial<WebIdentityOptions> = {},
) {
  const credential = new WebIdentity({
    keyId: 'app',
    algorithm: 'ES256',
    keyStore,
    warn: (text) => warnings.push(text),
    ...options,
  });
  await credential.prepare();
  return credential;
}

async function signedBy(credential: WebIdentity): Promise<unknown> {
  // A look at the keys that began at another time is over.
  await setImmediate();
  const server = { issuer: 'https://a', token_endpoint: 'https://a/token' };
  const { clientId, authentication } = await credential.identify(server);
  const body = new URLSearchParams();
  const client = { client_id: clientId };
  await authentication(server, client, body, new Headers());
  return decodeProtectedHeader(body.get('client_assertion')!).kid;
}

const published = (credential: WebIdentity) =>
  credential.publicKeys().keys.map(({ kid }) => kid);

describe('rotation', () => {
  it('publishes at once, signs after a minute, withdraws after an hour', async () => {
    const store = new MemoryKeyStore();
    const credential = await start(store);
    expect(await signedBy(credential)).toBe('app');

    expect(await credential.rotate()).toBe('app-2');
    expect(published(credential)).toEqual(['app', 'app-2']);
    expect(await signedBy(credential)).toBe('app');

    pass(MINUTE - 1);
    expect(await signedBy(credential)).toBe('app');
    pass(1);
    expect(await signedBy(credential)).toBe('app-2');
    expect(published(credential)).toEqual(['app', 'app-2']);

    pass(HOUR - 1);
    expect(published(credential)).toEqual(['app', 'app-2']);
    pass(1);
    expect(published(credential)).toEqual(['app-2']);
    expect(await signedBy(credential)).toBe('app-2');
    await vi.waitFor(async () => expect(await store.list()).toEqual(['app-2']));
    expect(warnings).toEqual([]);
  });

  it('takes the times it is given', async () => {
    const credential = await start(new MemoryKeyStore(), {
      rotation: { activationDelay: 5 * SECOND, overlap: 10 * SECOND },
    });
    await credential.rotate();
    pass(5 * SECOND);
    expect(await signedBy(credential)).toBe('app-2');
    pass(10 * SECOND - 1);
    expect(published(credential)).toEqual(['app', 'app-2']);
    pass(1);
    expect(published(credential)).toEqual(['app-2']);
  });

  it('goes on where it was after a restart', async () => {
    const directory = join(await temporaryDirectory(), 'keys');
    const first = await start(new FileKeyStore(directory));
    await first.rotate();
    const keys = first.publicKeys();

    const second = await start(new FileKeyStore(directory));
    expect(second.publicKeys()).toEqual(keys);
    expect(await signedBy(second)).toBe('app');

    pass(MINUTE);
    const third = await start(new FileKeyStore(directory));
    expect(third.publicKeys()).toEqual(keys);
    expect(await signedBy(third)).toBe('app-2');

    pass(HOUR);
    const fourth = await start(new FileKeyStore(directory));
    expect(published(fourth)).toEqual(['app-2']);
    expect(await signedBy(fourth)).toBe('app-2');
    expect((await readdir(directory)).sort()).toEqual([
      'app-2.json',
      'app-2.pem',
    ]);
    expect(await fourth.rotate()).toBe('app-3');
    expect(warnings).toEqual([]);
  });

  it('is seen by other processes before the new key signs', async () => {
    const directory = join(await temporaryDirectory(), 'keys');
    const one = await start(new FileKeyStore(directory));
    const two = await start(new FileKeyStore(directory));
    await one.rotate();
    pass(30 * SECOND);
    expect(await signedBy(two)).toBe('app');
    expect(published(two)).toEqual(['app', 'app-2']);
    pass(30 * SECOND);
    expect(await signedBy(two)).toBe('app-2');
  });

  it('is seen by a process that only publishes', async () => {
    const directory = join(await temporaryDirectory(), 'keys');
    const one = await start(new FileKeyStore(directory));
    const two = await start(new FileKeyStore(directory));
    await one.rotate();
    pass(30 * SECOND);
    published(two);
    await vi.waitFor(() => expect(published(two)).toEqual(['app', 'app-2']));
  });

  it('is one for all who ask at the same moment', async () => {
    const credential = await start(new MemoryKeyStore());
    const ids = await Promise.all([credential.rotate(), credential.rotate()]);
    expect(ids).toEqual(['app-2', 'app-2']);
    expect(await credential.rotate()).toBe('app-3');
    expect(published(credential)).toEqual(['app', 'app-2', 'app-3']);
    expect(await signedBy(credential)).toBe('app');
  });

  it('is one for two processes at the same moment', async () => {
    const directory = join(await temporaryDirectory(), 'keys');
    const one = await start(new FileKeyStore(directory));
    const two = await start(new FileKeyStore(directory));
    const ids = await Promise.all([one.rotate(), two.rotate()]);
    expect(ids).toEqual(['app-2', 'app-2']);
    expect(one.publicKeys()).toEqual(two.publicKeys());
  });

  it('comes by itself when it is due', async () => {
    const credential = await start(new MemoryKeyStore(), {
      rotation: { every: 24 * HOUR },
    });
    pass(24 * HOUR - 1);
    await signedBy(credential);
    expect(published(credential)).toEqual(['app']);
    pass(MINUTE);
    expect(await signedBy(credential)).toBe('app');
    expect(published(credential)).toEqual(['app', 'app-2']);
    pass(MINUTE);
    expect(await signedBy(credential)).toBe('app-2');
    pass(HOUR);
    await signedBy(credential);
    expect(published(credential)).toEqual(['app-2']);
  });

  it('never comes by itself unless told to', async () => {
    const credential = await start(new MemoryKeyStore());
    pass(10_000 * HOUR);
    expect(await signedBy(credential)).toBe('app');
    expect(published(credential)).toEqual(['app']);
  });

  it('steps around a name that another application has', async () => {
    const store = new MemoryKeyStore();
    await store.store(await makeKey('app-2'));
    const credential = await start(store);
    expect(await credential.rotate()).toBe('app-3');
    expect(published(credential)).toEqual(['app', 'app-3']);
    expect(await credential.rotate()).toBe('app-4');
  });

  it('makes keys for the algorithm of now', async () => {
    const store = new MemoryKeyStore();
    await start(store);
    const credential = await start(store, { algorithm: 'PS256' });
    await credential.rotate();
    expect(credential.publicKeys().keys.map(({ alg }) => alg)).toEqual([
      'ES256',
      'PS256',
    ]);
  });
});

describe('a store that fails later', () => {
  it('costs a warning, not the requests', async () => {
    const store = new MemoryKeyStore();
    const credential = await start(store);
    store.list = () => Promise.reject(new Error('hunter2'));
    pass(MINUTE);
    expect(await signedBy(credential)).toBe('app');
    expect(warnings).toEqual([
      expect.stringContaining('could not be read again') as string,
    ]);
    expect(warnings[0]).not.toContain('hunter2');
    await signedBy(credential);
    expect(warnings).toHaveLength(1);
  });

  it('that lost everything is named, and the keys of before go on', async () => {
    const directory = join(await temporaryDirectory(), 'keys');
    const credential = await start(new FileKeyStore(directory));
    await rm(directory, { recursive: true });
    pass(MINUTE);
    expect(await signedBy(credential)).toBe('app');
    expect(published(credential)).toEqual(['app']);
    expect(warnings[0]).toMatch(/^PRIVATE KEY LOST: the keys of app are gone/);
  });

  it('that lost a private key is named', async () => {
    const directory = join(await temporaryDirectory(), 'keys');
    const credential = await start(new FileKeyStore(directory));
    await rm(join(directory, 'app.pem'));
    pass(MINUTE);
    expect(await signedBy(credential)).toBe('app');
    expect(warnings[0]).toContain('PRIVATE KEY LOST');
    await expect(credential.rotate()).rejects.toMatchObject({
      reason: 'private_key_lost',
    });
  });

  it('does not keep a key from being withdrawn', async () => {
    const store = new MemoryKeyStore();
    const credential = await start(store);
    await credential.rotate();
    store.remove = () => Promise.reject(new Error('read only'));
    pass(MINUTE + HOUR);
    await signedBy(credential);
    expect(published(credential)).toEqual(['app-2']);
    expect(warnings).toEqual([
      'The key app is no longer in use, but could not be removed from the key store.',
    ]);
    expect(published(await start(store))).toEqual(['app-2']);
  });
});
