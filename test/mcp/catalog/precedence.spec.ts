import { describe, expect, it } from 'vitest';
import { McpCatalog } from '../../../lib/mcp/catalog/mcp-catalog.js';
import type { ResourceTemplate } from '../../../lib/mcp/catalog/resource.interface.js';
import { UriPattern } from '../../../lib/mcp/catalog/uri-pattern.js';

const template = (uri: string) =>
  ({
    key: uri,
    place: uri,
    scopes: [],
    pattern: new UriPattern(uri),
  }) as unknown as ResourceTemplate;

describe('of templates that match a URI', () => {
  it.each([
    ['files://a', ['files://{+path}', 'files://{id}'], 'files://{id}'],
    ['files://x/a', ['files://{+path}', 'files://x/{id}'], 'files://x/{id}'],
    [
      'files://x/a/b',
      ['files://{+path}', 'files://x/{+rest}'],
      'files://x/{+rest}',
    ],
    ['files://a/b', ['files://{+path}', 'files://{id}'], 'files://{+path}'],
    ['note-1://a', ['note-{n}://{id}', 'note-1://{id}'], 'note-1://{id}'],
  ])('%s is read by the most specific of %j', (uri, uris, expected) => {
    for (const order of [uris, uris.toReversed()]) {
      const catalog = new McpCatalog();
      for (const one of order) catalog.templates.add(template(one));
      expect(catalog.findResource(uri)?.entry.key).toBe(expected);
    }
  });

  it('one that comes later is taken into account, until it goes', () => {
    const catalog = new McpCatalog();
    catalog.templates.add(template('files://{+path}'));
    const find = () => catalog.findResource('files://a')?.entry.key;
    expect(find()).toBe('files://{+path}');
    const later = template('files://{id}');
    catalog.templates.add(later);
    expect(find()).toBe('files://{id}');
    catalog.templates.remove(later);
    expect(find()).toBe('files://{+path}');
  });
});
