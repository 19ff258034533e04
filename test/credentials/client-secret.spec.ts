import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ClientSecret } from '../../lib/credentials/client-secret.credential.js';
import { CredentialError } from '../../lib/credentials/credential.error.js';
import type { ServerMetadata } from '../../lib/oauth/index.js';
import { ZoneConfigurationError } from '../../lib/zone/index.js';

const server = (issuer: string): ServerMetadata => ({ issuer });
const A = 'https://a.keycard.cloud';
const B = 'https://b.keycard.cloud';

async function authorization(
  credential: ClientSecret,
  issuer: string,
): Promise<string | null> {
  const { clientId, authentication } = credential.identify(server(issuer));
  const headers = new Headers();
  await authentication(
    server(issuer),
    { client_id: clientId },
    new URLSearchParams(),
    headers,
  );
  return headers.get('authorization');
}

describe('ClientSecret', () => {
  it.each([
    ['two texts', new ClientSecret('id', 'pw')],
    ['an object', new ClientSecret({ clientId: 'id', clientSecret: 'pw' })],
    ['a pair', new ClientSecret(['id', 'pw'])],
  ])('from %s: one identity, for any issuer', async (_case, credential) => {
    for (const issuer of [A, B]) {
      expect(credential.identify(server(issuer)).clientId).toBe('id');
      expect(await authorization(credential, issuer)).toBe(
        `Basic ${btoa('id:pw')}`,
      );
    }
    expect(credential.isMultiZone).toBe(false);
    expect(credential.issuers).toBeUndefined();
  });

  describe('from a map', () => {
    const credential = new ClientSecret({
      [`${A}/`]: ['id-a', 'pw-a'],
      [B]: { clientId: 'id-b', clientSecret: 'pw-b' },
    });

    it('knows its issuers', () => {
      expect(credential.isMultiZone).toBe(true);
      expect(credential.issuers).toEqual([A, B]);
    });

    it.each([
      [A, 'id-a:pw-a'],
      [`${A}/`, 'id-a:pw-a'],
      [B, 'id-b:pw-b'],
      [`${B}/`, 'id-b:pw-b'],
    ])('%s gets its own', async (issuer, pair) => {
      expect(await authorization(credential, issuer)).toBe(
        `Basic ${btoa(pair)}`,
      );
    });

    it.each([
      'https://c.keycard.cloud',
      'https://a.keycard.cloud.evil.example',
      'https://a.keycard.cloud:8443',
      'http://a.keycard.cloud',
      'https://A.keycard.cloud',
      'https://a.keycard.cloud/x',
      'https://keycard.cloud',
      '__proto__',
      'constructor',
      '',
    ])('%j gets none', (issuer) => {
      expect(() => credential.identify(server(issuer))).toThrow(
        CredentialError,
      );
    });

    it('says which issuers there are, and no secret', () => {
      expect(() => credential.identify(server('https://c.example'))).toThrow(
        `There is no client secret for https://c.example. Configured issuers: ${A}, ${B}.`,
      );
    });
  });

  it.each([
    ['no secret', ['id']],
    ['an empty secret', ['id', '']],
    ['a blank secret', ['id', ' \t']],
    ['a secret that is no text', ['id', 42]],
    ['an empty id', ['', 'pw']],
    ['a blank id', [' ', 'pw']],
    ['nothing', []],
    ['null', [null]],
    ['a number', [42]],
    ['an empty list', [[]]],
    ['half a pair', [['id']]],
    ['a list of pairs', [[['id', 'pw']]]],
    ['an empty map', [{}]],
    ['half an object', [{ clientId: 'id' }]],
    ['an object with a blank', [{ clientId: 'id', clientSecret: ' ' }]],
    ['a map of nothing', [{ [A]: undefined }]],
    ['a map of null', [{ [A]: null }]],
    ['a map of texts', [{ [A]: 'pw' }]],
    ['a map with a blank', [{ [A]: ['id', 'pw'], [B]: ['id', ''] }]],
    [
      'two spellings of one issuer',
      [{ [A]: ['i', 'p'], [`${A}/`]: ['j', 'q'] }],
    ],
  ])('refuses %s', (_case, parameters) => {
    const create = () => Reflect.construct(ClientSecret, parameters) as unknown;
    expect(create).toThrow(CredentialError);
  });

  it.each([
    'acme',
    'http://a.keycard.cloud',
    'https://u:hunter2@a.example',
    '',
  ])('refuses the issuer %j', (issuer) => {
    let error: unknown;
    try {
      error = new ClientSecret({ [issuer]: ['id', 'pw'] });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ZoneConfigurationError);
    expect(String(error)).not.toContain('hunter2');
  });

  it.each([
    ['single', new ClientSecret('id', 'hunter2')],
    ['multiple', new ClientSecret({ [A]: ['id', 'hunter2'] })],
  ])('does not show its secret: %s', (_case, credential) => {
    const identity = credential.identify(server(A));
    for (const value of [credential, identity]) {
      expect(JSON.stringify(value)).not.toContain('hunter2');
      expect(inspect(value, { depth: 9, showHidden: true })).not.toContain(
        'hunter2',
      );
    }
  });
});
