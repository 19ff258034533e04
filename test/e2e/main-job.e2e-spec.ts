import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type {
  OAuthClientInformationMixed,
  OAuthTokens,
} from '@modelcontextprotocol/sdk/shared/auth.js';
import { decodeJwt } from 'jose';
import { HeadlessBrowser } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import {
  startAssistantWorld,
  type AssistantWorld,
} from '../support/assistant.fixture.js';
import { callTool, connectWithToken, textOf } from '../support/mcp-client.js';
import { bearer, post, request, toolCall } from '../support/post.js';

const REDIRECT_URL = 'http://localhost:7777/callback';

/** The OAuth side of a client, with a browser that signs in. */
function createProvider(userId: string) {
  const browser = new HeadlessBrowser();
  const seen = { codes: [] as string[], scopes: [] as (string | null)[] };
  let client: OAuthClientInformationMixed | undefined;
  let tokens: OAuthTokens | undefined;
  let verifier = '';
  const provider: OAuthClientProvider = {
    redirectUrl: REDIRECT_URL,
    clientMetadata: {
      client_name: 'Test',
      redirect_uris: [REDIRECT_URL],
      // With a refresh token, this client refreshes instead of stepping up.
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'none',
    },
    clientInformation: () => client,
    saveClientInformation: (information) => void (client = information),
    tokens: () => tokens,
    saveTokens: (saved) => void (tokens = saved),
    saveCodeVerifier: (saved) => void (verifier = saved),
    codeVerifier: () => verifier,
    redirectToAuthorization: async (url) => {
      seen.scopes.push(url.searchParams.get('scope'));
      const end = await browser.walk(url, {
        user: userId,
        stopAt: REDIRECT_URL,
      });
      seen.codes.push(end.url.searchParams.get('code')!);
    },
  };
  return { provider, seen, token: () => tokens!.access_token };
}

describe.each(ADAPTERS)('the main job on %s', (_name, createAdapter) => {
  let world: AssistantWorld;

  beforeAll(async () => {
    world = await startAssistantWorld(createAdapter);
  });
  afterAll(() => world.stop());

  it('refuses, discovers, registers, logs in, steps up and calls', async () => {
    const { provider, seen, token } = createProvider('usr_ada');
    const connect = async () => {
      const transport = new StreamableHTTPClientTransport(
        new URL(world.mcpUrl),
        { authProvider: provider },
      );
      const client = new Client({ name: 'test', version: '1.0.0' });
      await client.connect(transport);
      return { client, transport };
    };
    const refused = new StreamableHTTPClientTransport(new URL(world.mcpUrl), {
      authProvider: provider,
    });
    await expect(
      new Client({ name: 'test', version: '1.0.0' }).connect(refused),
    ).rejects.toThrow(UnauthorizedError);
    await refused.finishAuth(seen.codes[0]!);
    const { client, transport } = await connect();

    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['daily_brief', 'list_events', 'whoami']),
    );
    const who = await callTool(client, 'whoami');
    expect(who.structuredContent).toMatchObject({
      subject: 'usr_ada',
      scopes: ['mcp:tools'],
    });
    const event = { title: 'Demo', start: '2026-11-25T10:00:00Z' };
    await expect(callTool(client, 'create_event', event)).rejects.toThrow(
      UnauthorizedError,
    );
    await transport.finishAuth(seen.codes[1]!);
    const created = await callTool(client, 'create_event', event);
    expect(created.structuredContent).toEqual({ event, owner: 'usr_ada' });
    expect(seen.scopes).toEqual(['mcp:tools', 'mcp:tools calendar:write']);
    expect(decodeJwt(token()).aud).toBe(world.mcpUrl);
    await client.close();
  });

  it('calls the API with a token of its own, never the caller’s', async () => {
    const { accessToken } = await world.zone.login('usr_ada');
    const client = await connectWithToken(world.mcpUrl, accessToken);
    world.received.length = 0;
    const result = await callTool(client, 'list_events', { max: 3 });
    await client.close();
    expect(result.structuredContent).toEqual({
      events: [{ title: 'of usr_ada' }],
    });
    const [received] = world.received;
    const sent = received!.authorization.replace('Bearer ', '');
    const caller = decodeJwt(accessToken);
    const downstream = decodeJwt(sent);
    expect(sent).not.toBe(accessToken);
    expect(downstream).toMatchObject({ aud: world.calendar, sub: 'usr_ada' });
    expect(downstream.jti).toBeTypeOf('string');
    expect(downstream.jti).not.toBe(caller.jti);
    expect(caller.aud).toBe(world.mcpUrl);
  });

  it('reports what failed beside what succeeded', async () => {
    const { accessToken } = await world.zone.login('usr_bob');
    const client = await connectWithToken(world.mcpUrl, accessToken);
    const brief = await callTool(client, 'daily_brief');
    await client.close();
    expect(brief.structuredContent).toEqual({
      status: 'partial_error',
      granted: [world.calendar],
      failed: [{ resource: world.mail, code: 'insufficient_authorization' }],
    });
  });

  it('answers a request without session and initialize on its own', async () => {
    const { accessToken } = await world.zone.login('usr_bob');
    const answer = await post(
      world.mcpUrl,
      toolCall('whoami'),
      bearer(accessToken),
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get('mcp-session-id')).toBeNull();
    expect(answer.json.result.structuredContent.subject).toBe('usr_bob');
  });

  it('streams progress and logs to the call they belong to', async () => {
    const { accessToken } = await world.zone.login('usr_ada');
    const client = await connectWithToken(world.mcpUrl, accessToken);
    const progress: unknown[] = [];
    const result = await client.callTool(
      { name: 'chat', arguments: {} },
      undefined,
      { onprogress: (update) => progress.push(update) },
    );
    await client.close();
    expect(progress).toEqual([
      { progress: 1, total: 2 },
      { progress: 2, total: 2, message: 'done' },
    ]);
    expect(textOf(result as never)).toBe('era legacy, usr_ada');
  });

  it('keeps what is injected out of the schema of the input', async () => {
    const { accessToken } = await world.zone.login('usr_ada');
    const { json } = await post(
      world.mcpUrl,
      request('tools/list'),
      bearer(accessToken),
    );
    const schemas = Object.fromEntries(
      json.result.tools.map((tool: { name: string; inputSchema: object }) => [
        tool.name,
        Object.keys(
          (tool.inputSchema as { properties?: object }).properties ?? {},
        ),
      ]),
    );
    expect(schemas).toEqual({
      chat: [],
      create_event: ['title', 'start'],
      daily_brief: [],
      list_events: ['max'],
      whoami: [],
    });
  });

  it('does each exchange once', async () => {
    const { accessToken } = await world.zone.login('usr_ada');
    const grant = 'urn:ietf:params:oauth:grant-type:token-exchange';
    const before = world.zone.count('token', grant);
    await Promise.all(
      Array.from({ length: 20 }, () =>
        post(world.mcpUrl, toolCall('list_events'), bearer(accessToken)),
      ),
    );
    expect(world.zone.count('token', grant) - before).toBe(1);
  });
});
