import { Module, type Type } from '@nestjs/common';
import {
  ClientSecret,
  KeycardModule,
  type KeycardModuleOptions,
} from 'nestjs-keycard';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { boot, RecordingLogger } from '../support/boot.js';
import { rawRequest } from '../support/raw-request.js';

const ROOT = 'http://localhost:9';
const A = 'http://a.localhost:9';
const SECRET = new ClientSecret({ [A]: ['id', 'secret-value'] });
const OPTIONS: KeycardModuleOptions = {
  zoneUrl: ROOT,
  resourceUrl: 'http://localhost:8000/mcp',
};
const TWO = { enableMultiZone: true, zones: { a: A, b: 'http://b.localhost' } };

function moduleWith(options: KeycardModuleOptions): Type {
  @Module({ imports: [KeycardModule.forRoot({ ...OPTIONS, ...options })] })
  class AppModule {}
  return AppModule;
}

const documentAt = async (options: KeycardModuleOptions, path: string) => {
  const application = await boot(moduleWith(options));
  const { port } = new URL(await application.getUrl());
  const answer = await rawRequest(
    `http://localhost:${port}/.well-known/oauth-protected-resource${path}`,
    { method: 'GET' },
  );
  await application.close();
  return JSON.parse(answer.text) as Record<string, unknown>;
};

afterEach(() => vi.unstubAllEnvs());

describe('more than one zone is inferred', () => {
  it('from a client secret with a pair per issuer', async () => {
    const options = { applicationCredential: SECRET };
    expect(await documentAt(options, '/a/mcp')).toMatchObject({
      resource: 'http://localhost:8000/a/mcp',
      authorization_servers: [A],
    });
    // The issuers of the secret are the only zones there are.
    expect(await documentAt(options, '/b/mcp')).toMatchObject({
      error: 'not_found',
    });
  });

  it('unless enableMultiZone is false', async () => {
    const options = { applicationCredential: SECRET, enableMultiZone: false };
    expect(await documentAt(options, '/mcp')).toMatchObject({
      resource: 'http://localhost:8000/mcp',
      authorization_servers: [ROOT],
    });
  });

  it('never from the environment', async () => {
    vi.stubEnv('KEYCARD_CLIENT_ID', 'id');
    vi.stubEnv('KEYCARD_CLIENT_SECRET', 'secret');
    expect(await documentAt({}, '/mcp')).toMatchObject({
      authorization_servers: [ROOT],
    });
  });

  it('and every well-formed id is served when nothing names the zones', async () => {
    const options = { enableMultiZone: true };
    expect(await documentAt(options, '/any-zone/mcp')).toMatchObject({
      authorization_servers: ['http://any-zone.localhost:9'],
    });
    for (const id of ['ANY', 'a.b', 'a%5Cb', 'a_', 'x'.repeat(64)]) {
      expect(await documentAt(options, `/${id}/mcp`)).toMatchObject({
        error: 'not_found',
      });
    }
  });
});

describe('mistakes about zones stop the boot', () => {
  it.each<[string, KeycardModuleOptions, string[]]>([
    ['zones in a single zone', { zones: ['a'] }, ['zones', 'enableMultiZone']],
    [
      'resolveZone in a single zone',
      { resolveZone: () => 'a' },
      ['resolveZone', 'enableMultiZone'],
    ],
    [
      'no zone in the list',
      { enableMultiZone: true, zones: [] },
      ['zones is empty'],
    ],
    [
      'no zone in the map',
      { enableMultiZone: true, zones: {} },
      ['zones is empty'],
    ],
    [
      'an id that is none',
      { enableMultiZone: true, zones: { 'evil.com\\': A } },
      ['evil.com'],
    ],
    ['an id in capitals', { enableMultiZone: true, zones: ['A'] }, ['"A"']],
    [
      'an issuer that is not secure',
      { enableMultiZone: true, zones: { a: 'http://zone.example.com' } },
      ['zones.a', 'https'],
    ],
    [
      'two ids of one issuer',
      { enableMultiZone: true, zones: { a: A, b: `${A}/` } },
      ['Two zones', A],
    ],
    [
      'a credential of a foreign issuer',
      {
        applicationCredential: new ClientSecret({
          'https://zone.evil.example': ['id', 'secret-value'],
        }),
      },
      ['https://zone.evil.example', ROOT],
    ],
    [
      'a root that is an address',
      { enableMultiZone: true, zoneUrl: 'http://127.0.0.1:9' },
      ['127.0.0.1'],
    ],
    [
      'audiences per zone in a single zone',
      { audience: { a: 'urn:a' } },
      ['audience', 'single zone'],
    ],
    [
      'a zone in the URL of a single zone',
      { resourceUrl: 'http://localhost/{zone}/mcp' },
      ['{zone}', 'enableMultiZone'],
    ],
    [
      'a zone in the middle of the path',
      { ...TWO, resourceUrl: 'http://localhost/x/{zone}/mcp' },
      ['{zone}', 'first segment'],
    ],
    [
      'a zone in a part of a segment',
      { ...TWO, resourceUrl: 'http://localhost/x-{zone}/mcp' },
      ['{zone}', 'first segment'],
    ],
    [
      'a zone in the host that nobody looks for there',
      { ...TWO, resourceUrl: 'http://{zone}.localhost/mcp' },
      ['{zone}', 'resolveZone'],
    ],
    [
      'one metadata path for all zones',
      { ...TWO, metadata: { protectedResource: '/resource.json' } },
      ['metadata.protectedResource', 'metadata.root'],
    ],
  ])('%s', async (_case, options, parts) => {
    const logger = new RecordingLogger();
    const failure = await boot(moduleWith(options), { logger }).then(
      () => undefined,
      (error: Error) => error,
    );
    expect(failure, 'the boot must fail').toBeInstanceOf(Error);
    for (const part of parts) expect(failure!.message).toContain(part);
    expect(failure!.message + logger.text).not.toContain('secret-value');
  });
});
