import { describe, expect, it } from 'vitest';
import { ZoneConfigurationError, ZoneDirectory } from '../../lib/zone/index.js';
import { createHttpFetch } from '../../lib/oauth/index.js';
import { ZoneDiscovery } from '../../lib/zone/index.js';
import { HOSTILE_ZONE_IDS } from '../support/hostile-zone-ids.js';

const ROOT = 'https://keycard.cloud';
const acme = { id: 'acme', issuer: 'https://acme.keycard.cloud' };
const globex = { id: 'globex', issuer: 'https://elsewhere.example.com' };

describe('one zone', () => {
  const zones = ZoneDirectory.single('https://zone.example.com');

  it('is the answer to everything', () => {
    for (const id of [undefined, '', 'abc', 'x@evil']) {
      expect(zones.find(id)).toEqual({ issuer: 'https://zone.example.com' });
    }
  });

  it('is known in advance', () => {
    expect(zones.isMultiZone).toBe(false);
    expect(zones.issuer).toBe('https://zone.example.com');
    expect(zones.known).toEqual([{ issuer: 'https://zone.example.com' }]);
  });
});

describe('many zones', () => {
  const zones = ZoneDirectory.multiple(ROOT);

  it('are below the root', () => {
    expect(zones.isMultiZone).toBe(true);
    expect(zones.issuer).toBe(ROOT);
    expect(zones.known).toEqual([]);
    expect(zones.find('acme')).toEqual(acme);
  });

  it.each(HOSTILE_ZONE_IDS)('%j is none, and nobody is asked', async (id) => {
    const asked: unknown[] = [];
    const discovery = new ZoneDiscovery(
      createHttpFetch({
        fetch: async (url) => {
          asked.push(url);
          return new Response();
        },
      }),
    );
    const zone = zones.find(id);
    if (zone) await discovery.metadataOf(zone.issuer).catch(() => {});
    expect(asked).toEqual([]);
    expect(zone).toBeUndefined();
  });

  it('no id is none', () => {
    expect(zones.find(undefined)).toBeUndefined();
  });

  it.each(['http://127.0.0.1:8080', 'https://[::1]'])(
    'there are none below %s',
    (root) => {
      expect(() => ZoneDirectory.multiple(root)).toThrow(
        ZoneConfigurationError,
      );
    },
  );
});

describe('zones on a list', () => {
  const zones = ZoneDirectory.multiple(ROOT, [acme, globex]);

  it('are the only ones', () => {
    expect(zones.known).toEqual([acme, globex]);
    expect(zones.find('acme')).toBe(acme);
    expect(zones.find('globex')).toBe(globex);
  });

  it.each([...HOSTILE_ZONE_IDS, 'initech', 'ACME', 'constructor', undefined])(
    '%j is none',
    (id) => {
      expect(zones.find(id)).toBeUndefined();
    },
  );

  it('an empty list is a list', () => {
    expect(ZoneDirectory.multiple(ROOT, []).find('acme')).toBeUndefined();
  });

  it.each(['x@evil', 'ACME', '', undefined])('%j cannot be on it', (id) => {
    const zone = {
      ...(id !== undefined && { id }),
      issuer: 'https://a.example',
    };
    expect(() => ZoneDirectory.multiple(ROOT, [zone])).toThrow(
      ZoneConfigurationError,
    );
  });
});
