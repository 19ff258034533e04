import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { importPKCS8 } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { CredentialError } from '../../../lib/credentials/credential.error.js';
import { FileKeyStore } from '../../../lib/credentials/web-identity/file-key-store.js';
import { KeyStoreError } from '../../../lib/credentials/web-identity/key-store.error.js';
import { makeKey } from '../support/stored-keys.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

let root: string;
let directory: string;
let store: FileKeyStore;
let warnings: string[];
beforeEach(async () => {
  root = await temporaryDirectory();
  directory = join(root, 'deep', 'keys');
  warnings = [];
  store = new FileKeyStore(directory, { warn: (text) => warnings.push(text) });
});

const modeOf = async (path: string) =>
  ((await stat(path)).mode & 0o777).toString(8);
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable(),
    (error: unknown) => error as KeyStoreError,
  );

describe('FileKeyStore', () => {
  it('has nothing, and makes nothing, before a key is stored', async () => {
    expect(await store.list()).toEqual([]);
    expect(await store.load('app')).toBeUndefined();
    expect(await store.remove('app')).toBe(false);
    expect(await readdir(root)).toEqual([]);
  });

  it('gives back what it was given', async () => {
    const key = await makeKey('app-2', 'app');
    expect(await store.store(key)).toBe(true);
    expect(await store.load('app-2')).toEqual(key);
    expect(await new FileKeyStore(directory).load('app-2')).toEqual(key);
    expect(await store.list()).toEqual(['app-2']);
    expect(warnings).toEqual([]);
  });

  it('is open to its owner only', async () => {
    const umask = process.umask(0);
    try {
      await store.store(await makeKey());
    } finally {
      process.umask(umask);
    }
    expect(await modeOf(directory)).toBe('700');
    expect(await modeOf(join(root, 'deep'))).toBe('700');
    expect(await modeOf(join(directory, 'app.pem'))).toBe('600');
    expect(await modeOf(join(directory, 'app.json'))).toBe('600');
  });

  it('writes two files that others can read too, and leaves no other', async () => {
    const key = await makeKey();
    await store.store(key);
    expect((await readdir(directory)).sort()).toEqual(['app.json', 'app.pem']);
    const pem = await readFile(join(directory, 'app.pem'), 'utf8');
    expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    await expect(importPKCS8(pem, 'ES256')).resolves.toBeDefined();
    const text = await readFile(join(directory, 'app.json'), 'utf8');
    expect(JSON.parse(text)).toEqual({
      key_id: 'app',
      public_key_jwk: key.publicKey,
      created_at: key.createdAt / 1000,
      algorithm: 'ES256',
      identity: 'app',
    });
  });

  it('reads what others wrote', async () => {
    const { privateKey, publicKey } = await makeKey();
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(join(directory, 'app.pem'), privateKey, { mode: 0o600 });
    const description = {
      key_id: 'app',
      public_key_jwk: publicKey,
      created_at: 1_700_000_000.25,
      algorithm: 'ES256',
    };
    await writeFile(join(directory, 'app.json'), JSON.stringify(description));
    expect(await store.load('app')).toEqual({
      keyId: 'app',
      identity: 'app',
      algorithm: 'ES256',
      createdAt: 1_700_000_000_250,
      publicKey,
      privateKey,
    });
  });

  it('never replaces a key', async () => {
    const first = await makeKey();
    await store.store(first);
    expect(await store.store(await makeKey())).toBe(false);
    expect(await store.load('app')).toEqual(first);
    expect((await readdir(directory)).sort()).toEqual(['app.json', 'app.pem']);
  });

  it.each(['app.pem', 'app.json'])(
    'never writes through a link in place of %s',
    async (name) => {
      const target = join(root, 'target');
      await writeFile(target, 'precious');
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await symlink(target, join(directory, name));
      const stored = await store.store(await makeKey()).catch(() => false);
      expect(stored).toBe(false);
      expect(await readFile(target, 'utf8')).toBe('precious');
      const link = await lstat(join(directory, name));
      expect(link.isSymbolicLink()).toBe(true);
    },
  );

  it.each(['app.pem', 'app.json'])(
    'never reads through a link in place of %s',
    async (name) => {
      await store.store(await makeKey());
      await rename(join(directory, name), join(root, name));
      await symlink(join(root, name), join(directory, name));
      const error = await failureOf(store.load('app'));
      expect(error).toBeInstanceOf(KeyStoreError);
      expect(error).toMatchObject({ reason: 'unsafe' });
      expect(error.message).toContain(join(directory, name));
    },
  );

  it('takes no folder for a key', async () => {
    await mkdir(join(directory, 'app.pem'), { recursive: true });
    expect(await failureOf(store.load('app'))).toMatchObject({
      reason: 'unsafe',
    });
  });

  it.each([
    '../escape',
    '..',
    '.',
    '',
    'a/b',
    'a\\b',
    '/etc/app',
    'a.b',
    'a\0b',
    'a b',
    'ü',
    'app\n',
    'x'.repeat(76),
  ])('takes no key id %j', async (keyId) => {
    const key = { ...(await makeKey()), keyId };
    await expect(store.store(key)).rejects.toThrow(CredentialError);
    await expect(store.load(keyId)).rejects.toThrow(CredentialError);
    await expect(store.remove(keyId)).rejects.toThrow(CredentialError);
    expect(await readdir(root)).toEqual([]);
  });

  it('lists what is whole and what is not, but nothing else', async () => {
    await store.store(await makeKey('app'));
    for (const name of ['b.pem', 'c.json', '.d.pem', 'e.txt', 'f g.pem']) {
      await writeFile(join(directory, name), '');
    }
    expect(await store.list()).toEqual(['app', 'b', 'c']);
  });

  it('removes both files', async () => {
    await store.store(await makeKey('app'));
    await store.store(await makeKey('other'));
    expect(await store.remove('app')).toBe(true);
    expect((await readdir(directory)).sort()).toEqual([
      'other.json',
      'other.pem',
    ]);
    expect(await store.load('app')).toBeUndefined();
  });

  it('says when the private key is lost, and whose it was', async () => {
    await store.store(await makeKey('app-2', 'app'));
    await rm(join(directory, 'app-2.pem'));
    const error = await failureOf(store.load('app-2'));
    expect(error).toMatchObject({
      name: 'KeyStoreError',
      code: 'ERR_KEY_STORE',
      reason: 'private_key_lost',
      keyId: 'app-2',
      identity: 'app',
    });
    expect(error.message).toMatch(/^PRIVATE KEY LOST: /);
    expect(error.message).toContain(directory);
    expect(await store.store(await makeKey('app-2', 'app'))).toBe(false);
  });

  it('says when only the private key is left', async () => {
    await store.store(await makeKey());
    await rm(join(directory, 'app.json'));
    const error = await failureOf(store.load('app'));
    expect(error).toMatchObject({ reason: 'metadata_lost', keyId: 'app' });
    expect(await store.store(await makeKey())).toBe(false);
  });

  it('waits for the second file of a key that is being written', async () => {
    const key = await makeKey();
    await store.store(key);
    const metadata = join(directory, 'app.json');
    await rename(metadata, `${metadata}.later`);
    const loading = store.load('app');
    await new Promise((resolve) => setTimeout(resolve, 10));
    await rename(`${metadata}.later`, metadata);
    expect(await loading).toEqual(key);
  });

  it.each<[string, (text: string) => string, RegExp]>([
    ['nothing', () => '', /not JSON/],
    ['half of it', (text) => text.slice(0, 40), /not JSON/],
    ['null', () => 'null', /not JSON/],
    ['a list', () => '[]', /not JSON/],
    ['no members', () => '{}', /lacks a member/],
    [
      'another algorithm',
      (text) => text.replace('"ES256",\n  "id', '"HS256",\n  "id'),
      /lacks a member/,
    ],
    [
      'no time',
      (text) => text.replace(/"created_at": [^,]+/, '"created_at": null'),
      /lacks a member/,
    ],
    [
      'another key id',
      (text) => text.replace('"key_id": "app"', '"key_id": "App"'),
      /about another key/,
    ],
  ])('says when the description is %s', async (_case, spoil, message) => {
    await store.store(await makeKey());
    const metadata = join(directory, 'app.json');
    const text = await readFile(metadata, 'utf8');
    expect(spoil(text)).not.toBe(text);
    await writeFile(metadata, spoil(text));
    const error = await failureOf(store.load('app'));
    expect(error).toMatchObject({ reason: 'damaged', keyId: 'app' });
    expect(error.message).toMatch(message);
  });

  it('warns, once, of files and folders that others may open', async () => {
    await store.store(await makeKey());
    await chmod(join(directory, 'app.pem'), 0o640);
    await chmod(directory, 0o755);
    await store.load('app');
    await store.load('app');
    expect(warnings).toEqual([
      `PRIVATE KEYS ARE OPEN TO OTHER USERS: ${join(directory, 'app.pem')} has mode 640. Files must have 600 and their directory 700.`,
      `PRIVATE KEYS ARE OPEN TO OTHER USERS: ${directory} has mode 755. Files must have 600 and their directory 700.`,
    ]);
  });

  it('says when the directory is none', async () => {
    await writeFile(join(root, 'deep'), '');
    const key = await makeKey();
    for (const work of [
      () => store.list(),
      () => store.load('app'),
      () => store.store(key),
    ]) {
      expect(await failureOf(work())).toMatchObject({
        reason: 'unavailable',
        cause: { code: 'ENOTDIR' },
      });
    }
  });

  it.each(['', ' '])('is not made with the directory %j', (path) => {
    expect(() => new FileKeyStore(path)).toThrow(CredentialError);
  });

  it('many at once: one key, whole for everybody', async () => {
    const keys = await Promise.all(Array.from({ length: 12 }, () => makeKey()));
    const outcomes = await Promise.all(
      keys.map(async (key) => {
        const own = new FileKeyStore(directory);
        const stored = await own.store(key);
        return { stored, key, loaded: await own.load('app') };
      }),
    );
    const winners = outcomes.filter(({ stored }) => stored);
    expect(winners.length).toBe(1);
    for (const { loaded } of outcomes) expect(loaded).toEqual(winners[0]!.key);
    expect((await readdir(directory)).sort()).toEqual(['app.json', 'app.pem']);
  });
});
