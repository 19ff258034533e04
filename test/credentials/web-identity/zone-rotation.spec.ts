import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileKeyStore } from '../../../lib/credentials/web-identity/file-key-store.js';
import { WebIdentity } from '../../../lib/credentials/web-identity/web-identity.credential.js';
import { CredentialWorld } from '../support/credential-world.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const CLIENT = 'assistant-key';
const MINUTE = 60_000;

let world: CredentialWorld;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  world = await CredentialWorld.start('keycard');
});
afterEach(async () => {
  vi.useRealTimers();
  await world[Symbol.asyncDispose]();
});

const pass = (milliseconds: number) =>
  vi.setSystemTime(Date.now() + milliseconds);

async function create(directory: string): Promise<WebIdentity> {
  const credential = new WebIdentity({
    keyId: 'assistant',
    clientId: CLIENT,
    keyStore: new FileKeyStore(directory),
  });
  await credential.prepare();
  world.publication.credential = credential;
  return credential;
}

/** Asks for a token, and tells which key that was signed with. */
async function ask(credential: WebIdentity): Promise<unknown> {
  await world.asApplication(credential);
  return decodeProtectedHeader(world.lastForm['client_assertion']!).kid;
}

describe('a zone that reads the keys of an application', () => {
  it('accepts it before, during and after a rotation', async () => {
    const directory = join(await temporaryDirectory(), 'keys');
    const credential = await create(directory);
    expect(await ask(credential)).toBe('assistant');
    await credential.rotate();
    // The zone has the keys of before, and they still sign.
    expect(await ask(credential)).toBe('assistant');
    expect(world.publication.reads).toBe(1);

    pass(MINUTE);
    world.zone.refreshClient(CLIENT);
    expect(await ask(credential)).toBe('assistant-2');
    expect(world.publication.reads).toBe(2);

    pass(60 * MINUTE);
    world.zone.refreshClient(CLIENT);
    expect(await ask(credential)).toBe('assistant-2');
    expect(credential.publicKeys().keys).toHaveLength(1);
  });

  it('still accepts, during the overlap, what the old key signed', async () => {
    const directory = join(await temporaryDirectory(), 'keys');
    const credential = await create(directory);
    await credential.rotate();
    // Another process, whose clock is late.
    const late = await create(directory);
    pass(MINUTE);
    world.publication.credential = credential;
    world.zone.refreshClient(CLIENT);
    expect(await ask(credential)).toBe('assistant-2');
    pass(-1000);
    expect(await ask(late)).toBe('assistant');
  });

  it('accepts it after a restart without reading its keys again', async () => {
    const directory = join(await temporaryDirectory(), 'keys');
    expect(await ask(await create(directory))).toBe('assistant');
    const { reads } = world.publication;
    expect(await ask(await create(directory))).toBe('assistant');
    expect(world.publication.reads).toBe(reads);
  });

  it('refuses a key it has not read yet: why new keys wait', async () => {
    const directory = join(await temporaryDirectory(), 'keys');
    const credential = await create(directory);
    await ask(credential);
    const hasty = new WebIdentity({
      keyId: 'assistant',
      clientId: CLIENT,
      keyStore: new FileKeyStore(directory),
      rotation: { activationDelay: 0 },
    });
    await hasty.rotate();
    await expect(ask(hasty)).rejects.toMatchObject({ error: 'invalid_client' });
    world.zone.refreshClient(CLIENT);
    world.publication.credential = hasty;
    expect(await ask(hasty)).toBe('assistant-2');
  });
});
