import { McpDefinitionError } from 'nestjs-keycard';
import { describe, expect, it } from 'vitest';
import { ToolCatalog } from '../../../lib/mcp/catalog/tool-catalog.js';
import { toolNameOf } from '../../../lib/mcp/catalog/tool-name.js';
import type { Tool } from '../../../lib/mcp/catalog/tool.interface.js';

describe('the name of a tool', () => {
  it.each([
    ['run', 'run'],
    ['listEvents', 'list_events'],
    ['getURL', 'get_url'],
    ['URLOf', 'url_of'],
    ['listHTTPServers', 'list_http_servers'],
    ['HTTP', 'http'],
    ['aB', 'a_b'],
    ['getV2Users', 'get_v2_users'],
    ['oauth2Login', 'oauth2_login'],
    ['top10', 'top10'],
    ['sha256Of', 'sha256_of'],
    ['already_snake', 'already_snake'],
    ['_private', '_private'],
    ['ListEvents', 'list_events'],
    ['x'.repeat(64), 'x'.repeat(64)],
  ])('%s becomes %s', (method, expected) => {
    expect(toolNameOf(undefined, method, 'Tools.run')).toBe(expected);
  });

  it.each(['a', 'A.b-c_9', 'getURL', '1', 'x'.repeat(64)])(
    'given as %s is kept',
    (name) => {
      expect(toolNameOf(name, 'other', 'Tools.run')).toBe(name);
    },
  );

  it.each([
    '',
    ' ',
    'with space',
    'a/b',
    'größe',
    'a\n',
    '$run',
    'x'.repeat(65),
    'a,b',
  ])('%o is none', (name) => {
    expect(() => toolNameOf(name, 'run', 'Tools.run')).toThrow(
      McpDefinitionError,
    );
    expect(() => toolNameOf(name, 'run', 'Tools.run')).toThrow('Tools.run');
  });

  it.each(['$run', 'größe', 'x'.repeat(65)])(
    'of a method %o is none either',
    (method) => {
      expect(() => toolNameOf(undefined, method, 'Tools.run')).toThrow(
        'is not a tool name',
      );
    },
  );
});

const tool = (name: string, place = `Tools.${name}`) =>
  ({ name, place }) as Tool;

function catalogOf(...tools: Tool[]): ToolCatalog {
  const catalog = new ToolCatalog();
  for (const one of tools) catalog.add(one);
  return catalog;
}

const names = ({ all }: ToolCatalog) => all.map(({ name }) => name);

describe('the catalog', () => {
  it('lists in the order of names, however tools came', () => {
    const catalog = catalogOf(tool('b'), tool('a_b'), tool('a'), tool('B'));
    expect(names(catalog)).toEqual(['B', 'a', 'a_b', 'b']);
    expect(catalog.size).toBe(4);
  });

  it.each([undefined, null, 1, {}, '', 'A', 'constructor', '__proto__'])(
    'has no tool %o',
    (name) => {
      expect(catalogOf(tool('a')).get(name)).toBeUndefined();
    },
  );

  it('refuses a second tool of one name, and names both', () => {
    const catalog = catalogOf(tool('a', 'First.run'));
    const add = () => catalog.add(tool('a', 'Second.run'));
    expect(add).toThrow(McpDefinitionError);
    expect(add).toThrow('First.run and Second.run');
    expect(catalog.get('a')!.place).toBe('First.run');
  });
});
