import { decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  HeadlessBrowser,
  LocalZone,
  LocalZoneConfigurationError,
} from 'nestjs-keycard/local-zone';
import { logIn, useWorld } from './use-world.js';
import { startWorld } from './world.js';

const world = await useWorld();

const keyIds = async (zone = world.zone) => {
  const response = await fetch(zone.jwksUri);
  const { keys } = (await response.json()) as { keys: { kid: string }[] };
  return keys.map(({ kid }) => kid);
};

describe('rotateKeys', () => {
  it('signs with a new key, and keeps the old one for verifying', async () => {
    const subject = await logIn(world);
    const [before] = await keyIds();
    await world.zone.rotateKeys();
    const after = await keyIds();
    expect(after).toHaveLength(2);
    expect(after[1]).toBe(before);

    const { body } = await world.api.exchange(subject);
    expect(decodeProtectedHeader(body['access_token']).kid).toBe(after[0]);
  });

  it('can drop the old keys, and their tokens with them', async () => {
    const subject = await logIn(world);
    await world.zone.rotateKeys({ keepOld: false });
    expect(await keyIds()).toHaveLength(1);
    const { body } = await world.api.exchange(subject);
    expect(body['error']).toBe('invalid_grant');
  });

  it('keeps users signed in', async () => {
    const browser = new HeadlessBrowser();
    await logIn(world, browser);
    const requests = browser.steps.length;
    await world.zone.rotateKeys();
    await logIn(world, browser);
    expect(browser.steps.length - requests).toBe(4);
  });
});

describe('the key', () => {
  it('is shared by the zones of a process unless it is fresh or given', async () => {
    const zones = await Promise.all([
      startWorld(),
      startWorld(),
      startWorld({ freshKey: true }),
    ]);
    const [first, second, fresh] = await Promise.all(
      zones.map(async ({ zone }) => (await keyIds(zone))[0]),
    );
    expect(second).toBe(first);
    expect(fresh).not.toBe(first);
    await Promise.all(zones.map((other) => other.close()));
  });

  it.each([
    [{ key: { kty: 'oct', k: 'AAAA' } }],
    [{ key: { kty: 'RSA', n: 'AAAA', e: 'AQAB' } }],
    [{ key: { kty: 'RSA' }, freshKey: true }],
  ])('is refused: %j', async (options) => {
    const start = LocalZone.start({}, options);
    await expect(start).rejects.toThrow(LocalZoneConfigurationError);
  });
});
