import { Injectable } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { KeycardModule, McpTool, type McpOptions } from 'nestjs-keycard';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { McpCatalog } from '../../../lib/mcp/catalog/mcp-catalog.js';
import { MCP_ENDPOINT_DEFAULTS } from '../../../lib/mcp/transport/mcp-endpoint.interface.js';
import { ModernEraError } from '../../../lib/mcp/modern/modern-era.error.js';
import {
  openEras,
  type ModernEraConfig,
} from '../../../lib/mcp/modern/modern-era.js';
import { areReplicasLikely } from '../../../lib/mcp/modern/replica-hint.js';
import { createMcpConfig } from '../../../lib/options/mcp-config.factory.js';
import { boot, RecordingLogger } from '../../support/boot.js';
import { post, request, toolCall } from '../../support/post.js';
import { modernRequest, REVISION } from './support/modern-messages.js';
import { ModernWorld } from './support/modern-world.js';

const SERVER = {
  name: 'test',
  version: '1',
  identifier: 'http://localhost:8000/mcp',
};

const initialize = request('initialize', {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'test', version: '1' },
});

const legacy = ({ url, tokens }: ModernWorld, body: unknown) =>
  post(url, body, { authorization: `Bearer ${tokens.ada}` });

const missing = () =>
  Promise.reject(
    Object.assign(
      new Error("Cannot find package '@modelcontextprotocol/server'"),
      { code: 'ERR_MODULE_NOT_FOUND' },
    ),
  );

describe('the option mcp.eras', () => {
  let world: ModernWorld | undefined;
  afterEach(() => world?.stop());

  const start = async (mcp: McpOptions) => {
    world = await ModernWorld.start(new ExpressAdapter(), { mcp });
    return world;
  };

  it.each([
    [{}, '2026-07-28, 2025-11-25 and older'],
    [{ eras: 'both' as const }, '2026-07-28, 2025-11-25 and older'],
    [{ eras: 'modern' as const }, '2026-07-28'],
    [{ eras: 'legacy' as const }, '2025-11-25 and older'],
  ])('%j is told at boot', async (mcp, revisions) => {
    const { logger } = await start(mcp);
    expect(logger.text).toContain(
      `MCP server "nestjs-keycard" speaks ${revisions} Keycard`,
    );
  });

  it('serves nothing modern when it is legacy', async () => {
    const started = await start({ eras: 'legacy' });
    const { status, json } = await started.call('whoami');
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ code: -32022 });
    expect(json.error.data.supported).not.toContain(REVISION);
    expect((await legacy(started, toolCall('whoami'))).status).toBe(200);
  });

  it.each([
    ['initialize', initialize, '2025-11-25'],
    ['a call', toolCall('whoami'), undefined],
  ])('refuses %s when it is modern', async (_what, body, requested) => {
    const started = await start({ eras: 'modern' });
    const { status, headers, json } = await legacy(started, body);
    expect(status).toBe(400);
    expect(headers.get('mcp-session-id')).toBeNull();
    expect(json).toMatchObject({
      id: 1,
      error: { code: -32022, data: { supported: [REVISION] } },
    });
    expect(json.error.data.requested).toBe(requested);
    expect((await started.call('whoami')).status).toBe(200);
  });

  it('opens no stream when it is modern', async () => {
    const { url, tokens } = await start({ eras: 'modern' });
    const { status } = await fetch(url, {
      headers: {
        authorization: `Bearer ${tokens.ada}`,
        accept: 'text/event-stream',
      },
    });
    expect(status).toBe(405);
  });

  it.each([
    [{ eras: 'newest' as never }, /mcp\.eras must be one of both, legacy/],
    [{ stateSecret: 'short' }, /mcp\.stateSecret must have at least 32/],
  ])('is checked: %j', (options, message) => {
    expect(() => createMcpConfig(options, SERVER)).toThrow(message);
  });
});

describe('a server without the package', () => {
  const options = { marker: 'untouched' } as never;

  const open = (config: Partial<ModernEraConfig>, load = missing) => {
    const logger = new RecordingLogger();
    const catalog = new McpCatalog();
    const opened = openEras(
      {
        eras: 'both',
        areErasExplicit: false,
        areReplicasLikely: false,
        ...config,
      },
      { name: 'test', audience: 'a', catalog, logger },
      options,
      load,
    );
    return { opened, logger };
  };

  it('serves the 2025 era, and says why', async () => {
    const { opened, logger } = open({});
    expect(await opened).toEqual({ options, modern: undefined });
    expect(logger.lines).toEqual([
      'log Revision 2026-07-28 is not served, because the package @modelcontextprotocol/server is not installed.',
      'log MCP server "test" speaks 2025-11-25 and older',
    ]);
  });

  it.each(['both', 'modern'] as const)(
    'does not start when %s was asked for',
    async (eras) => {
      const { opened } = open({ eras, areErasExplicit: true });
      const error = await opened.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ModernEraError);
      expect(error).toMatchObject({
        code: 'ERR_MCP_MODERN_ERA',
        message: expect.stringContaining(
          'npm install @modelcontextprotocol/server',
        ),
      });
    },
  );

  it('does not need it for the 2025 era', async () => {
    const load = vi.fn(missing);
    const { opened } = open({ eras: 'legacy', areErasExplicit: true }, load);
    await opened;
    expect(load).not.toHaveBeenCalled();
  });

  it('does not hide that the package is broken', async () => {
    const broken = new Error('syntax');
    const { opened } = open({}, () => Promise.reject(broken));
    await expect(opened).rejects.toBe(broken);
  });
});

describe('the key of request states', () => {
  it.each([
    [{ areReplicasLikely: true }, true],
    [{ areReplicasLikely: true, stateSecret: 's'.repeat(32) }, false],
    [{ areReplicasLikely: false }, false],
  ])('of %j is warned about: %s', async (config, isWarned) => {
    const logger = new RecordingLogger();
    await openEras(
      { eras: 'both', areErasExplicit: false, ...config },
      { name: 'test', audience: 'a', catalog: new McpCatalog(), logger },
      {
        ...MCP_ENDPOINT_DEFAULTS,
        capabilities: {},
        serverInfo: { name: 'a', version: '1' },
      } as never,
    );
    const text = 'warn mcp.stateSecret is not set';
    expect(logger.text.includes(text)).toBe(isWarned);
  });

  it.each([
    [{}, false],
    [{ KUBERNETES_SERVICE_HOST: ' ' }, false],
    [{ KUBERNETES_SERVICE_HOST: '10.0.0.1' }, true],
    [{ NODE_APP_INSTANCE: '0' }, true],
  ])('in the environment %j may be one of several: %s', (variables, likely) => {
    expect(areReplicasLikely(variables)).toBe(likely);
    const config = createMcpConfig({}, SERVER, variables);
    expect(config.areReplicasLikely).toBe(likely);
  });
});

describe('a header that a tool declares where it cannot be', () => {
  it.each([
    ['a list', { type: 'array', items: { type: 'string', ...named('a') } }],
    ['a number', { type: 'number', ...named('a') }],
    ['an object', { type: 'object', ...named('a') }],
    ['no token', { type: 'string', ...named('a b') }],
    ['an alternative', { anyOf: [{ type: 'string', ...named('a') }] }],
    ['a password', { type: 'string', format: 'password', ...named('a') }],
  ])('ends the boot: %s', async (_what, property) => {
    @Injectable()
    class Tools {
      @McpTool({
        description: 'For tests',
        input: { type: 'object', properties: { property } },
      })
      wrong(_input: object) {
        return '';
      }
    }
    const starting = boot({
      module: class WrongModule {},
      imports: [
        KeycardModule.forRoot({
          zoneUrl: 'http://localhost:9',
          resourceUrl: SERVER.identifier,
        }),
      ],
      providers: [Tools],
    });
    await expect(starting).rejects.toThrow(/Tools.*x-mcp-header.*property/);
  });

  it('ends the boot: the same name twice', async () => {
    @Injectable()
    class Tools {
      @McpTool({
        description: 'For tests',
        input: {
          type: 'object',
          properties: {
            one: { type: 'string', ...named('Tag') },
            two: { type: 'string', ...named('tag') },
          },
        },
      })
      wrong(_input: object) {
        return modernRequest('never');
      }
    }
    const starting = boot({
      module: class WrongModule {},
      imports: [
        KeycardModule.forRoot({
          zoneUrl: 'http://localhost:9',
          resourceUrl: SERVER.identifier,
        }),
      ],
      providers: [Tools],
    });
    await expect(starting).rejects.toThrow(/"tag" is on two properties/);
  });
});

function named(name: string) {
  return { 'x-mcp-header': name };
}
