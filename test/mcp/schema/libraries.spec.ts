import { Injectable } from '@nestjs/common';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { McpTool } from 'nestjs-keycard';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInputSchema } from '../../../lib/mcp/schema/input-schema.factory.js';
import {
  callTool,
  connectWithToken,
  textOf,
} from '../../support/mcp-client.js';
import { MCP, ToolWorld } from '../invocation/tool-world.js';
import { LIBRARIES, type Library } from './libraries.fixture.js';

const WHEN = '2026-01-02T03:04:05Z';
const PLACE = { city: 'Paris', tags: ['a', 'b'] };

interface Input {
  readonly title: string;
  readonly max: number;
  readonly when?: Date;
}

let world: ToolWorld;
beforeAll(async () => {
  world = await ToolWorld.start();
});
afterAll(() => world.stop());

/** Tools that take and give what a library declares. */
function createTools({ input, output }: Library) {
  @Injectable()
  class Tools {
    @McpTool({ description: 'For tests', input })
    echo(given: Input) {
      // Of the handler, not of JSON: the value is a date where one was made.
      const year = given.when?.getUTCFullYear();
      return { given, ...(year && { year }) };
    }

    @McpTool({ description: 'For tests', output })
    good() {
      return { total: 1, items: [{ name: 'first' }] };
    }

    @McpTool({ description: 'For tests', output })
    bad() {
      return { total: -1, items: [{ name: 7 }] };
    }
  }
  return Tools;
}

describe.each(LIBRARIES)('tools with schemas of %s', (_name, library) => {
  let client: Client;
  beforeAll(async () => {
    const { application } = await world.serve({
      providers: [createTools(library)],
    });
    const url = new URL(new URL(MCP).pathname, await application.getUrl());
    client = await connectWithToken(url.href, world.token);
  });
  afterAll(async () => {
    await client.close();
    await world.closeAll();
  });

  it('list what they accept', async () => {
    const { tools } = await client.listTools();
    const { inputSchema } = tools.find(({ name }) => name === 'echo')!;
    expect(inputSchema).toMatchObject({
      type: 'object',
      required: ['title'],
      properties: {
        title: {
          type: 'string',
          minLength: 1,
          maxLength: 5,
          description: 'What it is called',
        },
        max: {
          type: 'integer',
          minimum: 1,
          maximum: 50,
          ...(library.listsDefaults && { default: 10 }),
        },
        kind: { enum: ['home', 'work'] },
        place: {
          type: 'object',
          properties: {
            city: { type: 'string' },
            tags: { type: 'array', items: { type: 'string' }, maxItems: 3 },
          },
          required: ['city', 'tags'],
        },
        when: { type: 'string' },
      },
    });
    expect('$schema' in inputSchema).toBe(false);
    const listed = (inputSchema.properties as any).max.default !== undefined;
    expect(listed).toBe(library.listsDefaults);
  });

  it('list what they return', async () => {
    const { tools } = await client.listTools();
    const { outputSchema } = tools.find(({ name }) => name === 'good')!;
    expect([...outputSchema!.required!].sort()).toEqual(['items', 'total']);
    expect(outputSchema).toMatchObject({
      type: 'object',
      properties: {
        total: { type: 'integer', minimum: 0 },
        items: {
          type: 'array',
          items: {
            properties: { name: { type: 'string', description: 'Its name' } },
          },
        },
      },
    });
  });

  it('get defaults, enums, nested and transformed values', async () => {
    const { structuredContent } = await callTool(client, 'echo', {
      title: 'Tea',
      kind: 'work',
      place: PLACE,
      when: WHEN,
    });
    expect(structuredContent).toEqual({
      given: {
        title: 'Tea',
        max: 10,
        kind: 'work',
        place: PLACE,
        when: new Date(WHEN).toISOString(),
      },
      year: 2026,
    });
  });

  it('get undeclared members as the library has it', async () => {
    const input = { title: 'Tea', extra: 1 };
    const { structuredContent } = await callTool(client, 'echo', input);
    const { given } = structuredContent as { given: object };
    expect('extra' in given).toBe(library.undeclared === 'kept');
  });

  it.each<[object, string, RegExp]>([
    [{}, 'title', /^title: \w/],
    [{ title: 'SECRET' }, 'title', /5|What it is called/],
    [{ title: 7 }, 'title', /string|What it is called/],
    [{ title: 'a', max: 51 }, 'max', /50/],
    [{ title: 'a', max: 1.5 }, 'max', /int/],
    [{ title: 'a', max: 'SECRET' }, 'max', /number/],
    [{ title: 'a', kind: 'SECRET' }, 'kind', /"home".*"work"/],
    [{ title: 'a', place: 'SECRET' }, 'place', /object/i],
    [{ title: 'a', place: { city: 'b' } }, 'place.tags', /./],
    [
      { title: 'a', place: { city: 'b', tags: ['c', 1] } },
      'place.tags[1]',
      /string/,
    ],
    [
      { title: 'a', place: { city: 'b', tags: ['c', 'd', 'e', 'SECRET'] } },
      'place.tags',
      /3/,
    ],
  ])('refuse %j', async (input, path, reason) => {
    const answer = await callTool(client, 'echo', input as never);
    const text = textOf(answer);
    expect(answer.isError).toBe(true);
    const issue = text.replace('Invalid arguments: ', '');
    expect(issue.slice(0, path.length + 2)).toBe(`${path}: `);
    expect(issue).toMatch(reason);
    expect(issue).not.toContain('SECRET');
    // The place stands there once.
    expect(issue).not.toContain(`${path}: ${path} `);
  });

  it('give what they declare, and nothing else', async () => {
    const { structuredContent } = await callTool(client, 'good');
    expect(structuredContent).toEqual({ total: 1, items: [{ name: 'first' }] });
    expect((await callTool(client, 'bad')).isError).toBe(true);
  });
});

it('a schema of Valibot alone is refused with what to write', async () => {
  await expect(createInputSchema(v.object({ a: v.string() }))).rejects.toThrow(
    'toStandardJsonSchema()',
  );
});
