import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { exportPKCS8, generateKeyPair } from 'jose';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CredentialError } from '../../../lib/credentials/credential.error.js';
import { FileKeyStore } from '../../../lib/credentials/web-identity/file-key-store.js';
import { KeyStoreError } from '../../../lib/credentials/web-identity/key-store.error.js';
import { MemoryKeyStore } from '../../../lib/credentials/web-identity/memory-key-store.js';
import type { WebIdentityOptions } from '../../../lib/credentials/web-identity/web-identity-options.interface.js';
import { WebIdentity } from '../../../lib/credentials/web-identity/web-identity.credential.js';
import { InsecureUrlError } from '../../../lib/oauth/index.js';
import { makeKey } from '../support/stored-keys.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

let directory: string;
let warnings: string[];
beforeEach(async () => {
  directory = join(await temporaryDirectory(), 'keys');
  warnings = [];
});

const create = (options: Partial<WebIdentityOptions> = {}) =>
  new WebIdentity({
    keyId: 'app',
    ...(!options.keyStore && { storageDirectory: directory }),
    algorithm: 'ES256',
    warn: (text) => warnings.push(text),
    ...options,
  });

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable(),
    (error: unknown) => error as KeyStoreError,
  );

const prepared = async () => {
  const credential = create();
  await credential.prepare();
  return credential;
};

const inDirectory = async (work: () => Promise<void>) => {
  await mkdir(directory);
  const cwd = vi.spyOn(process, 'cwd').mockReturnValue(directory);
  const before = process.cwd();
  expect(before).toBe(directory);
  try {
    await work();
  } finally {
    cwd.mockRestore();
  }
};

describe('a WebIdentity is made', () => {
  it.each([
    [{ keyId: 'a-Z_09' }, 'a-Z_09'],
    [{ keyId: 'x'.repeat(64) }, 'x'.repeat(64)],
    [{ serverName: 'Test Server' }, 'Test_Server'],
    [{ serverName: '  Test/Server.v1 ' }, 'Test_Server_v1'],
    [{ serverName: '../../etc/passwd' }, '______etc_passwd'],
    [{ serverName: 'Dienst für Ärzte' }, 'Dienst_f_r__rzte'],
    [{ serverName: 'a😀b' }, 'a_b'],
    [{ keyId: 'own', serverName: 'Test Server' }, 'own'],
  ])('with %j: %s', (options, keyId) => {
    const credential = new WebIdentity(options);
    expect(credential.keyId).toBe(keyId);
    expect(credential.clientId).toBe(keyId);
  });

  it.each([
    [undefined, /needs a stable id/],
    [{}, /needs a stable id/],
    [{ serverName: '' }, /needs a stable id/],
    [{ serverName: ' ' }, /needs a stable id/],
    [{ keyId: '' }, /key id is 1 to 64/],
    [{ keyId: 'x'.repeat(65) }, /key id is 1 to 64/],
    [{ keyId: '../../keys_escape' }, /key id is 1 to 64/],
    [{ keyId: 'a.b' }, /key id is 1 to 64/],
    [{ keyId: 'app\n' }, /key id is 1 to 64/],
    [{ keyId: 'a', clientId: ' ' }, /clientId of a WebIdentity is blank/],
    [{ serverName: '天气' }, /No key id can be made/],
    [{ serverName: 'x'.repeat(65) }, /No key id can be made/],
    [{ keyId: 'a', storageDirectory: ' ' }, /is blank/],
    [
      { keyId: 'a', storageDirectory: 'x', keyStore: new MemoryKeyStore() },
      /not both/,
    ],
    [{ keyId: 'a', algorithm: 'HS256' }, /must be one of RS256, PS256, ES256/],
    [{ keyId: 'a', algorithm: 'none' }, /must be one of/],
    [{ keyId: 'a', assertionAudience: 'https://x' }, /assertionAudience/],
    [{ keyId: 'a', rotation: { overlap: -1 } }, /rotation\.overlap/],
    [
      { keyId: 'a', rotation: { activationDelay: NaN } },
      /rotation\.activationDelay/,
    ],
    [{ keyId: 'a', rotation: { every: 60_000 } }, /rotation\.every/],
    [{ keyId: 'a', rotation: { every: NaN } }, /rotation\.every/],
  ])('not with %j', (options, message) => {
    const make = () => Reflect.construct(WebIdentity, [options]) as unknown;
    expect(make).toThrow(CredentialError);
    expect(make).toThrow(message);
  });

  it('without touching anything', async () => {
    create();
    await expect(readdir(directory)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('the keys of a WebIdentity', () => {
  it('are RSA with 2048 bits by default, and only public members are shown', async () => {
    const credential = create({ algorithm: undefined });
    await credential.prepare();
    const [key, ...others] = credential.publicKeys().keys;
    expect(others).toEqual([]);
    expect(key).toEqual({
      kty: 'RSA',
      n: expect.stringMatching(/^[\w-]{342}$/) as string,
      e: 'AQAB',
      kid: 'app',
      alg: 'RS256',
      use: 'sig',
    });
  });

  it.each(['ES256', 'PS256'] as const)('may be for %s', async (algorithm) => {
    const credential = create({ algorithm });
    await credential.prepare();
    const [key] = credential.publicKeys().keys;
    expect(key).toMatchObject({ alg: algorithm, kid: 'app' });
    expect(Object.keys(key!)).not.toContain('d');
  });

  it('are the same after a restart', async () => {
    const before = create();
    await before.prepare();
    const after = create({ algorithm: 'RS256' });
    await after.prepare();
    expect(after.publicKeys()).toEqual(before.publicKeys());
    expect(warnings).toEqual([]);
  });

  it('cannot be published before they are there', () => {
    expect(() => create().publicKeys()).toThrow(CredentialError);
    expect(() => create().clientMetadata()).toThrow(/Call prepare\(\) first/);
  });

  it('cannot be spoiled by who reads them', async () => {
    const credential = create();
    await credential.prepare();
    credential.publicKeys().keys[0]!.kid = 'spoiled';
    credential.publicKeys().keys.pop();
    expect(credential.publicKeys().keys[0]!.kid).toBe('app');
  });

  it('are made once for many who wait', async () => {
    const store = new MemoryKeyStore();
    const storing = vi.spyOn(store, 'store');
    const credential = create({ keyStore: store });
    const server = { issuer: 'https://a.keycard.cloud' };
    await Promise.all([
      credential.prepare(),
      credential.prepare(),
      credential.identify(server),
    ]);
    expect(storing).toHaveBeenCalledTimes(1);
  });

  it('are tried again after a failure', async () => {
    await writeFile(directory, 'in the way');
    const credential = create();
    expect(await failureOf(credential.prepare())).toMatchObject({
      reason: 'unavailable',
    });
    expect(() => credential.publicKeys()).toThrow(CredentialError);
    await rm(directory);
    await credential.prepare();
    expect(credential.publicKeys().keys).toHaveLength(1);
  });

  it('are one for two that start at once', async () => {
    const credentials = Array.from({ length: 5 }, () => create());
    await Promise.all(credentials.map((credential) => credential.prepare()));
    const sets = credentials.map((credential) => credential.publicKeys());
    for (const set of sets) expect(set).toEqual(sets[0]);
    expect((await readdir(directory)).sort()).toEqual(['app.json', 'app.pem']);
    expect(warnings).toEqual([]);
  });

  it('are not shown to those who print the credential', async () => {
    const credential = create();
    await credential.prepare();
    const pem = await readFile(join(directory, 'app.pem'), 'utf8');
    const secret = pem.split('\n')[1]!;
    const identity = await credential.identify();
    for (const value of [credential, identity]) {
      const shown =
        inspect(value, { depth: 12, showHidden: true }) + JSON.stringify(value);
      expect(shown).not.toContain(secret);
    }
  });
});

describe('a WebIdentity that finds its keys changed', () => {
  it('does not go on when the private key is lost', async () => {
    await prepared();
    await rm(join(directory, 'app.pem'));
    const error = await failureOf(create().prepare());
    expect(error).toBeInstanceOf(KeyStoreError);
    expect(error).toMatchObject({ reason: 'private_key_lost', keyId: 'app' });
    expect(error.message).toMatch(/^PRIVATE KEY LOST: .* Restore/);
    expect(await readdir(directory)).toEqual(['app.json']);
  });

  it('makes a new key under a new id when it is told to', async () => {
    const before = await prepared();
    await rm(join(directory, 'app.pem'));
    const after = create({ regenerate: true });
    await after.prepare();
    const keys = after.publicKeys().keys;
    expect(keys.map(({ kid }) => kid)).toEqual(['app-2']);
    expect(keys[0]!.x).not.toBe(before.publicKeys().keys[0]!.x);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^PRIVATE KEY LOST: .*THE ZONE MUST LEARN/);
    const later = create();
    await later.prepare();
    expect(later.publicKeys()).toEqual(after.publicKeys());
  });

  it('warns when the key id changed', async () => {
    await prepared();
    await create({ keyId: 'renamed' }).prepare();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /^KEY ID CHANGED: the key store holds app, but no key renamed\. A NEW KEY/,
    );
    await create({ keyId: 'renamed' }).prepare();
    expect(warnings).toHaveLength(1);
  });

  it('leaves keys alone that only look like its own', async () => {
    const store = new FileKeyStore(directory);
    await store.store(await makeKey('app-2'));
    await rm(join(directory, 'app-2.pem'));
    await create({ regenerate: true }).prepare();
    expect((await readdir(directory)).sort()).toEqual([
      'app-2.json',
      'app.json',
      'app.pem',
    ]);
    expect(warnings).toEqual([
      expect.stringContaining('KEY ID CHANGED') as string,
    ]);
  });

  it.each<[string, () => Promise<void>, RegExp]>([
    [
      'a description that is damaged',
      () => writeFile(join(directory, 'app.json'), '{'),
      /not JSON/,
    ],
    [
      'a private key that is damaged',
      () => writeFile(join(directory, 'app.pem'), 'hunter2'),
      /private key cannot be read/,
    ],
    [
      'an empty private key',
      () => writeFile(join(directory, 'app.pem'), ''),
      /private key cannot be read/,
    ],
    [
      'the private key of another',
      async () =>
        writeFile(join(directory, 'app.pem'), (await makeKey()).privateKey),
      /does not belong to the public key/,
    ],
    [
      'a private key of another kind',
      async () => {
        const { privateKey } = await generateKeyPair('RS256', {
          extractable: true,
        });
        await writeFile(
          join(directory, 'app.pem'),
          await exportPKCS8(privateKey),
        );
      },
      /private key cannot be read/,
    ],
    [
      'no description',
      () => rm(join(directory, 'app.json')),
      /file that describes it, app\.json, is gone/,
    ],
  ])(
    'does not go on with %s, and makes no other key',
    async (_case, spoil, message) => {
      await prepared();
      await spoil();
      const files = await readdir(directory);
      for (const regenerate of [false, true]) {
        const error = await failureOf(create({ regenerate }).prepare());
        expect(error).toBeInstanceOf(KeyStoreError);
        expect(error.message).toMatch(message);
        expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
      }
      expect(await readdir(directory)).toEqual(files);
    },
  );

  it('does not publish private members that a description has', async () => {
    await prepared();
    const metadata = join(directory, 'app.json');
    const text = await readFile(metadata, 'utf8');
    await writeFile(metadata, text.replace('"kty"', '"d": "secret", "kty"'));
    const credential = create();
    await credential.prepare();
    expect(JSON.stringify(credential.publicKeys())).not.toContain('secret');
  });

  it('does not sign with an RSA key that is too short', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 1024,
    });
    const store = new MemoryKeyStore();
    await store.store({
      keyId: 'app',
      identity: 'app',
      algorithm: 'RS256',
      createdAt: 0,
      publicKey: publicKey.export({ format: 'jwk' }),
      privateKey: String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
    });
    const error = await failureOf(create({ keyStore: store }).prepare());
    expect(error).toMatchObject({ reason: 'damaged', keyId: 'app' });
    expect(error.message).toContain('2048 bits');
  });

  it('says when a store keeps nothing', async () => {
    const store = new MemoryKeyStore();
    store.list = async () => [];
    expect(
      await failureOf(create({ keyStore: store }).prepare()),
    ).toMatchObject({ reason: 'unavailable' });
  });
});

describe('where a WebIdentity is published', () => {
  const metadata =
    'https://mcp.example.com/.well-known/oauth-protected-resource/mcp';
  const document = 'https://mcp.example.com/.well-known/oauth-client-metadata';

  it.each([
    [{}, 'app'],
    [{ jwksUrl: 'https://mcp.example.com/.well-known/jwks.json' }, 'app'],
    [{ resourceMetadataUrl: metadata }, metadata],
    [{ clientMetadataUrl: document }, document],
    [{ resourceMetadataUrl: metadata, clientMetadataUrl: document }, metadata],
  ])('%j: the client id is %s', async (context, clientId) => {
    const credential = create({ keyStore: new MemoryKeyStore() });
    credential.attach(context);
    expect(credential.clientId).toBe(clientId);
    expect((await credential.identify()).clientId).toBe(clientId);
    expect(credential.clientMetadata().client_id).toBe(clientId);
  });

  it('does not matter when a client id is configured', async () => {
    const credential = create({ clientId: 'registered' });
    credential.attach({ resourceMetadataUrl: metadata });
    expect((await credential.identify()).clientId).toBe('registered');
  });

  it('cannot be two places at once', () => {
    const credential = create();
    credential.attach({ resourceMetadataUrl: metadata });
    credential.attach({ resourceMetadataUrl: metadata, jwksUrl: document });
    expect(() => credential.attach({})).toThrow(CredentialError);
    expect(credential.clientId).toBe(metadata);
    credential.close();
    credential.attach({ resourceMetadataUrl: `${metadata}/2` });
    expect(credential.clientId).toBe(`${metadata}/2`);
  });

  it.each(['resourceMetadataUrl', 'jwksUrl', 'clientMetadataUrl'])(
    '%s must be secure',
    (name) => {
      const credential = create();
      expect(() =>
        credential.attach({ [name]: 'http://mcp.example.com/x' }),
      ).toThrow(InsecureUrlError);
      expect(credential.clientId).toBe('app');
    },
  );

  it('is told in its metadata, with the keys where they have no address', async () => {
    const credential = create();
    await credential.prepare();
    credential.attach({ serverName: 'Calendar' });
    const { keys } = credential.publicKeys();
    expect(credential.clientMetadata()).toMatchObject({
      client_name: 'Calendar',
      jwks: { keys },
    });
    const published = credential.clientMetadata({ jwksUrl: document });
    expect(published).toMatchObject({ jwks_uri: document });
    expect(published).not.toHaveProperty('jwks');
  });

  it('its warnings go to whom it was attached to', async () => {
    const attached: string[] = [];
    await create().prepare();
    const credential = create({ keyId: 'renamed', warn: undefined });
    credential.attach({ warn: (text) => attached.push(text) });
    await credential.prepare();
    expect(attached).toEqual([
      expect.stringContaining('KEY ID CHANGED') as string,
    ]);
  });

  it('its warnings are the process’s when nobody takes them', async () => {
    const emit = vi.spyOn(process, 'emitWarning').mockReturnValue();
    try {
      await create().prepare();
      await create({ keyId: 'renamed', warn: undefined }).prepare();
      expect(emit.mock.calls).toEqual([
        [expect.stringContaining('KEY ID CHANGED'), 'KeycardWarning'],
      ]);
    } finally {
      emit.mockRestore();
    }
  });
});

describe('the directory of keys', () => {
  it('is ./server_keys', async () => {
    await inDirectory(async () => {
      await create({ storageDirectory: undefined }).prepare();
      expect(await readdir(join(directory, 'server_keys'))).toHaveLength(2);
      expect(warnings).toEqual([]);
    });
  });

  it('is ./mcp_keys where only that is there, with a warning', async () => {
    await inDirectory(async () => {
      await mkdir(join(directory, 'mcp_keys'), { mode: 0o700 });
      await create({ storageDirectory: undefined }).prepare();
      expect(await readdir(join(directory, 'mcp_keys'))).toHaveLength(2);
      expect(warnings).toEqual([
        expect.stringContaining('./mcp_keys') as string,
      ]);
    });
  });

  it('is ./server_keys where both are there', async () => {
    await inDirectory(async () => {
      await mkdir(join(directory, 'mcp_keys'));
      await mkdir(join(directory, 'server_keys'), { mode: 0o700 });
      await create({ storageDirectory: undefined }).prepare();
      expect(await readdir(join(directory, 'server_keys'))).toHaveLength(2);
      expect(await readdir(join(directory, 'mcp_keys'))).toEqual([]);
      expect(warnings).toEqual([]);
    });
  });
});
