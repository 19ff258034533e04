import { McpDefinitionError } from 'nestjs-keycard';
import { describe, expect, it } from 'vitest';
import { EntryRegistry } from '../../../lib/mcp/catalog/entry-registry.js';
import { entryNameOf } from '../../../lib/mcp/catalog/entry-name.js';
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
    expect(entryNameOf(undefined, method, 'Tools.run')).toBe(expected);
  });

  it.each(['a', 'A.b-c_9', 'getURL', '1', 'x'.repeat(64)])(
    'given as %s is kept',
    (name) => {
      expect(entryNameOf(name, 'other', 'Tools.run')).toBe(name);
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
    expect(() => entryNameOf(name, 'run', 'Tools.run')).toThrow(
      McpDefinitionError,
    );
    expect(() => entryNameOf(name, 'run', 'Tools.run')).toThrow('Tools.run');
  });

  it.each(['$run', 'größe', 'x'.repeat(65)])(
    'of a method %o is none either',
    (method) => {
      expect(() => entryNameOf(undefined, method, 'Tools.run')).toThrow(
        'is not a name for MCP',
      );
    },
  );
});

const tool = (name: string, place = `Tools.${name}`) =>
  ({ key: name, place }) as Tool;

function catalogOf(...tools: Tool[]): EntryRegistry<Tool> {
  const catalog = new EntryRegistry<Tool>();
  for (const one of tools) catalog.add(one);
  return catalog;
}

const names = ({ all }: EntryRegistry<Tool>) => all.map(({ key }) => key);

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

  it('forgets what is removed, once, and nothing else of that name', () => {
    const [first, second] = [tool('a', 'First.run'), tool('a', 'Second.run')];
    const catalog = catalogOf(first, tool('b'));
    const changes: string[][] = [];
    catalog.onChange(() => changes.push(names(catalog)));
    expect(catalog.remove(second)).toBe(false);
    expect(catalog.remove(first)).toBe(true);
    expect(catalog.remove(first)).toBe(false);
    catalog.add(second);
    expect(changes).toEqual([['b'], ['a', 'b']]);
  });
});
