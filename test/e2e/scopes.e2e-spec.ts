import { Injectable, Module, type INestApplication } from '@nestjs/common';
import {
  InsufficientScopeException,
  KeycardModule,
  McpContext,
  McpTool,
  RequireScopes,
  type KeycardModuleOptions,
} from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ADAPTERS } from '../support/adapters.js';
import { boot } from '../support/boot.js';
import { bearer, request, toolCall } from '../support/post.js';
import { Watch } from '../support/watch.js';

const MCP = 'https://mcp.example.com/mcp';
const METADATA =
  'resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"';

const challenge = (scope: string) =>
  `Bearer error="insufficient_scope", error_description="The access token needs the ${scope.includes(' ') ? 'scopes' : 'scope'} ${scope}.", scope="${scope}", ${METADATA}`;

const listed = (json: any) =>
  json.result.tools.map(({ name }: { name: string }) => name) as string[];

describe.each(ADAPTERS)('scopes of tools on %s', (_name, createAdapter) => {
  const watch = new Watch();
  let runs: string[] = [];
  let zone: LocalZone;

  @Injectable()
  class Tools {
    @McpTool({ description: 'For tests' })
    free() {
      runs.push('free');
      return 'free';
    }

    @McpTool({
      description: 'For tests',
      scopes: ['files:read', 'offline_access'],
    })
    read() {
      runs.push('read');
      return 'read';
    }

    @McpTool({
      description: 'For tests',
      scopes: 'files:read files:write',
      input: z.object({ name: z.string() }),
    })
    write(input: { name: string }) {
      runs.push('write');
      return input.name;
    }

    @McpTool({
      description: 'For tests',
      input: z.object({ deep: z.boolean(), stream: z.boolean() }),
    })
    async depends(
      input: { deep: boolean; stream: boolean },
      context: McpContext,
    ) {
      runs.push('depends');
      if (input.stream) await context.progress(1, 2);
      if (input.deep && !context.principal.hasScopes('deep')) {
        throw new InsufficientScopeException(['deep']);
      }
      return 'done';
    }

    @McpTool({ description: 'For tests' })
    @RequireScopes('decorated')
    decorated() {
      runs.push('decorated');
      return 'decorated';
    }
  }

  beforeAll(async () => {
    zone = await LocalZone.create().start();
  });
  beforeEach(() => {
    runs = [];
  });
  afterAll(async () => {
    await zone.stop();
    watch.expectNoLeak();
  });

  async function start(options: KeycardModuleOptions = {}) {
    @Module({
      imports: [
        KeycardModule.forRoot({
          zoneUrl: zone.issuer,
          resourceUrl: MCP,
          requiredScopes: 'base',
          ...options,
        }),
      ],
      providers: [Tools],
    })
    class AppModule {}
    const application = await boot(AppModule, {
      adapter: createAdapter(),
      logger: watch.logger,
    });
    return { application, url: `${await application.getUrl()}/mcp` };
  }

  const send = async (url: string, scope: string, message: object) => {
    const token = await zone.mint({ sub: 'usr_ada', aud: MCP, scope });
    const headers = { host: 'mcp.example.com', ...bearer(watch.keep(token)) };
    return watch.post(url, message, headers);
  };

  describe('by default', () => {
    let application: INestApplication;
    let url: string;

    beforeAll(async () => {
      ({ application, url } = await start());
    });
    afterAll(() => application.close());

    it.each([
      ['free', '', 'base'],
      ['write', 'base files:read', 'base files:read files:write'],
      // Who may not call anything is not asked what it wants to call.
      ['write', 'files:read files:write', 'base'],
      ['write', 'base', 'base files:read files:write'],
    ])('%s with "%s" asks for "%s"', async (tool, scope, needed) => {
      const answer = await send(url, scope, toolCall(tool, { name: 'x' }));
      expect([answer.status, answer.challenge]).toEqual([
        403,
        challenge(needed),
      ]);
      expect(answer.json.error).toBe('insufficient_scope');
      expect(runs).toEqual([]);
    });

    it('never asks for offline_access', async () => {
      const answer = await send(url, 'base', toolCall('read'));
      expect(answer.status).toBe(403);
      expect(answer.challenge).toContain('scope="base files:read"');
    });

    it('says so before it looks at the arguments', async () => {
      const answer = await send(url, 'base', toolCall('write', { name: 7 }));
      expect(answer.status).toBe(403);
    });

    it('runs with all of them', async () => {
      const scope = 'base files:read files:write';
      const call = toolCall('write', { name: 'x' });
      const answer = await send(url, scope, call);
      expect([answer.status, runs]).toEqual([200, ['write']]);
    });

    it.each([
      ['base', ['decorated', 'depends', 'free']],
      [
        'base files:read offline_access',
        ['decorated', 'depends', 'free', 'read'],
      ],
      [
        'base files:read files:write',
        ['decorated', 'depends', 'free', 'write'],
      ],
    ])('lists what "%s" can call', async (scope, names) => {
      const { json } = await send(url, scope, request('tools/list'));
      expect(listed(json)).toEqual(expect.arrayContaining(names.slice(1)));
      expect(listed(json).filter((name) => !names.includes(name))).toEqual([]);
    });

    it('tells in the list what a tool needs', async () => {
      const scope = 'base files:read files:write';
      const { json } = await send(url, scope, request('tools/list'));
      const tools = Object.fromEntries(
        json.result.tools.map((tool: any) => [tool.name, tool._meta]),
      );
      expect(tools.free).toBeUndefined();
      expect(tools.write).toEqual({
        securitySchemes: [
          { type: 'oauth2', scopes: ['files:read', 'files:write'] },
        ],
      });
    });

    it('publishes them, without offline_access', async () => {
      const { json } = await watch.send(
        `${new URL(url).origin}/.well-known/oauth-protected-resource/mcp`,
      );
      expect(json.scopes_supported).toEqual(
        expect.arrayContaining(['base', 'files:read', 'files:write']),
      );
      expect(json.scopes_supported).not.toContain('offline_access');
    });

    it('answers 403 when the arguments turn out to need more', async () => {
      const call = toolCall('depends', { deep: true, stream: false });
      const answer = await send(url, 'base', call);
      expect([answer.status, answer.challenge]).toEqual([
        403,
        challenge('base deep'),
      ]);
      const enough = await send(url, 'base deep', call);
      expect(enough.json.result.isError).toBeUndefined();
      const shallow = toolCall('depends', { deep: false, stream: false });
      expect((await send(url, 'base', shallow)).status).toBe(200);
    });

    it('answers a tool error once something was streamed', async () => {
      const answer = await send(url, 'base', {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: {
          name: 'depends',
          arguments: { deep: true, stream: true },
          _meta: { progressToken: 'p' },
        },
      });
      expect([answer.status, answer.challenge]).toEqual([200, undefined]);
      const messages = answer.text
        .split('\n')
        .filter((line) => line.startsWith('data: {'))
        .map((line) => JSON.parse(line.slice(6)));
      expect(messages.map(({ method }) => method)).toEqual([
        'notifications/progress',
        undefined,
      ]);
      expect(messages[1].result).toEqual({
        isError: true,
        content: [
          {
            type: 'text',
            text: 'The access token needs the scopes base deep.',
          },
        ],
      });
    });

    it('@RequireScopes on a tool is never ignored', async () => {
      const refused = await send(url, 'base', toolCall('decorated'));
      expect([refused.status, refused.challenge, runs]).toEqual([
        403,
        challenge('base decorated'),
        [],
      ]);
      const scope = 'base decorated';
      const allowed = await send(url, scope, toolCall('decorated'));
      expect([allowed.status, runs]).toEqual([200, ['decorated']]);
    });
  });

  it('listUnauthorized shows everything, and calls stay refused', async () => {
    const { application, url } = await start({
      mcp: { listUnauthorized: true },
    });
    const { json } = await send(url, 'base', request('tools/list'));
    const call = await send(url, 'base', toolCall('write', { name: 'x' }));
    await application.close();
    expect(listed(json)).toEqual([
      'decorated',
      'depends',
      'free',
      'read',
      'write',
    ]);
    expect(call.status).toBe(403);
  });

  it('challengeScopes: union asks for what the token has, too', async () => {
    const { application, url } = await start({ challengeScopes: 'union' });
    const declared = await send(
      url,
      'base mail offline_access',
      toolCall('write', { name: 'x' }),
    );
    const thrown = await send(
      url,
      'base mail',
      toolCall('depends', { deep: true, stream: false }),
    );
    await application.close();
    expect(declared.challenge).toContain(
      'scope="base mail files:read files:write"',
    );
    expect(thrown.challenge).toContain('scope="base mail deep"');
  });

  it('scopeHierarchy decides over list and call alike', async () => {
    const { application, url } = await start({
      scopeHierarchy: (granted, needed) =>
        granted.includes(needed) ||
        (needed === 'files:read' && granted.includes('files:write')),
    });
    const scope = 'base files:write';
    const { json } = await send(url, scope, request('tools/list'));
    const call = await send(url, scope, toolCall('write', { name: 'x' }));
    const short = await send(
      url,
      'base files:read',
      toolCall('write', { name: 'x' }),
    );
    await application.close();
    expect(listed(json)).toContain('write');
    expect([call.status, short.status]).toEqual([200, 403]);
    expect(short.challenge).toBe(challenge('base files:read files:write'));
  });
});
