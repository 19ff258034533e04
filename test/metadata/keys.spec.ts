import { describe, expect, it } from 'vitest';
import { ProtectedResourceRegistry } from '../../lib/guards/protected-resource.registry.js';
import { RootRouter } from '../../lib/http/root-router.js';
import { MetadataController } from '../../lib/metadata/metadata.controller.js';
import type { MetadataOptions } from '../../lib/metadata/metadata-options.interface.js';
import { ProtectedResource } from '../../lib/verification/protected-resource.js';
import { ZoneDirectory } from '../../lib/zone/zone-directory.js';
import { ZoneLocator } from '../../lib/zone/zone-locator.js';
import { RecordingLogger } from '../support/boot.js';
import { rawRequest } from '../support/raw-request.js';
import { serve } from '../http/serve.js';

const KEYS = { keys: [{ kty: 'RSA', kid: 'k', n: 'x', e: 'AQAB' }] };

async function read(path: string, options: MetadataOptions, hasKeys = true) {
  const logger = new RecordingLogger();
  const zones = new ZoneLocator(ZoneDirectory.single('https://z.example.com'));
  const resource = new ProtectedResource({
    identifier: 'https://mcp.example.com/mcp',
    path: '/mcp',
  });
  const router = new RootRouter(logger);
  new MetadataController({
    resources: new ProtectedResourceRegistry(zones, resource),
    discovery: { metadataOf: () => Promise.reject(new Error()) } as never,
    options,
    logger,
    ...(hasKeys && { publicKeys: () => KEYS }),
  }).register(router);
  const { url, server } = await serve((request, response) => {
    if (!router.handle(request, response)) response.end('{}');
  });
  const { status, text, headers } = await rawRequest(url + path, {
    method: 'GET',
  });
  server.close();
  return { status, headers, json: JSON.parse(text) as unknown };
}

const DOCUMENT = '/.well-known/oauth-protected-resource';

describe('public keys of the application', () => {
  it.each<[string, MetadataOptions]>([
    ['/.well-known/jwks.json', {}],
    ['/auth/.well-known/jwks.json', { root: '/auth/.well-known' }],
    ['/keys', { jwks: '/keys' }],
  ])('are at %s', async (path, options) => {
    const { status, json, headers } = await read(path, options);
    expect([status, json]).toEqual([200, KEYS]);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['cache-control']).toBe('public, max-age=60');
  });

  it.each<[MetadataOptions, string]>([
    [{}, 'https://mcp.example.com/.well-known/jwks.json'],
    [{ jwks: '/keys' }, 'https://mcp.example.com/keys'],
  ])('are in the metadata: %j', async (options, expected) => {
    const { json } = await read(DOCUMENT, options);
    expect(json).toMatchObject({ jwks_uri: expected });
  });

  it('are nowhere when there are none', async () => {
    const { json } = await read(DOCUMENT, {}, false);
    expect(json).not.toHaveProperty('jwks_uri');
    expect((await read('/.well-known/jwks.json', {}, false)).json).toEqual({});
  });
});
