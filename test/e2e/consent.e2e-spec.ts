import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type {
  CallToolResult,
  ClientCapabilities,
} from '@modelcontextprotocol/sdk/types.js';
import { HeadlessBrowser } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import {
  CALENDAR,
  startConsentWorld,
  type ConsentWorld,
} from '../support/consent.fixture.js';
import { bearer, post, request, toolCall } from '../support/post.js';

describe.each(ADAPTERS)('consent on %s', (_name, createAdapter) => {
  let world: ConsentWorld;
  let token: string;

  beforeAll(async () => {
    world = await startConsentWorld(createAdapter);
    token = (await world.zone.login('usr_ada')).accessToken;
  });
  beforeEach(() => {
    for (const user of ['usr_ada', 'usr_bob']) {
      world.zone.revokeGrant({
        user,
        application: 'assistant',
        resource: CALENDAR,
      });
    }
  });
  afterAll(() => world.stop());

  /** A client of the 2025 era, with a session. */
  async function connect(capabilities: ClientCapabilities): Promise<Client> {
    const client = new Client(
      { name: 'test', version: '1.0.0' },
      { capabilities },
    );
    await client.connect(
      new StreamableHTTPClientTransport(new URL(world.mcpUrl), {
        requestInit: { headers: bearer(token) },
      }),
    );
    return client;
  }

  const call = async (client: Client, name: string) =>
    (await client.callTool({ name, arguments: {} })) as CallToolResult;

  const link = () =>
    world.zone.connectUrl({
      application: 'assistant',
      resource: CALENDAR,
      user: 'usr_ada',
    });

  it('asks a client that opens pages, and the same call succeeds after', async () => {
    // A cached refusal would not outlive the consent either.
    const fresh = await world.zone.login('usr_ada');
    token = fresh.accessToken;
    const client = await connect({ elicitation: { url: {} } });
    const asked: any = await call(client, 'events').catch((error) => error);
    expect(asked.code).toBe(-32042);
    const [elicitation] = asked.data.elicitations;
    expect(elicitation).toEqual({
      mode: 'url',
      elicitationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      url: link(),
      message: `Allow this server to access ${CALENDAR} on your behalf.`,
    });
    await new HeadlessBrowser().walk(elicitation.url, { user: 'usr_ada' });
    const result = await call(client, 'events');
    await client.close();
    expect(result.structuredContent).toEqual({
      status: 'success',
      granted: [CALENDAR],
    });
  });

  it('grants nothing when another user opens the link', async () => {
    token = (await world.zone.login('usr_ada')).accessToken;
    const bob = (await world.zone.login('usr_bob')).accessToken;
    await new HeadlessBrowser().walk(link(), { user: 'usr_bob' });
    for (const caller of [token, bob]) {
      const answer = await post(
        world.mcpUrl,
        toolCall('events'),
        bearer(caller),
      );
      expect(answer.json.result.isError).toBe(true);
    }
  });

  it.each<[string, ClientCapabilities | undefined]>([
    ['without a session', undefined],
    ['that opens no pages', {}],
    ['that only fills in forms', { elicitation: { form: {} } }],
  ])('tells a client %s where the page is', async (_case, capabilities) => {
    token = (await world.zone.login('usr_ada')).accessToken;
    let result: CallToolResult;
    if (capabilities) {
      const client = await connect(capabilities);
      result = await call(client, 'events');
      await client.close();
    } else {
      const answer = await post(
        world.mcpUrl,
        toolCall('events'),
        bearer(token),
      );
      result = answer.json.result;
    }
    expect(result.isError).toBe(true);
    expect(JSON.stringify(result.content)).toContain(link());
    expect(result.structuredContent).toEqual({
      error: 'authorization_required',
      resources: [{ resource: CALENDAR, authorization_url: link() }],
    });
  });

  it.each([
    ['what the handler can do without', 'inbox', 'insufficient_authorization'],
    ['what policy denies', 'salaries', 'access_denied'],
  ])('does not ask for %s', async (_case, tool, code) => {
    const answer = await post(world.mcpUrl, toolCall(tool), bearer(token));
    expect(answer.json.result.structuredContent).toEqual({ code });
  });

  describe('in the 2026 era', () => {
    const META = 'io.modelcontextprotocol/';

    /** One modern call, perhaps with the answers of the last round. */
    const modern = (
      caller: string,
      answers: object = {},
      capabilities: object = { elicitation: { url: {} } },
    ) =>
      post(
        world.mcpUrl,
        request('tools/call', {
          name: 'events',
          arguments: {},
          _meta: {
            [`${META}protocolVersion`]: '2026-07-28',
            [`${META}clientCapabilities`]: capabilities,
          },
          ...answers,
        }),
        {
          ...bearer(caller),
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': 'tools/call',
          'mcp-name': 'events',
        },
      );

    it('asks for input, and the repeated call succeeds', async () => {
      token = (await world.zone.login('usr_ada')).accessToken;
      const { result } = (await modern(token)).json;
      expect(result).toMatchObject({
        resultType: 'input_required',
        inputRequests: {
          consent_0: {
            method: 'elicitation/create',
            params: { mode: 'url', url: link() },
          },
        },
      });
      await new HeadlessBrowser().walk(link(), { user: 'usr_ada' });
      const answers = {
        inputResponses: { consent_0: { action: 'accept' } },
        requestState: result.requestState,
      };
      const repeated = await modern(token, answers);
      expect(repeated.json.result.structuredContent).toEqual({
        status: 'success',
        granted: [CALENDAR],
      });
    });

    it('takes the state of a round from nobody else', async () => {
      token = (await world.zone.login('usr_ada')).accessToken;
      const { requestState } = (await modern(token)).json.result;
      const bob = (await world.zone.login('usr_bob')).accessToken;
      const inputResponses = { consent_0: { action: 'accept' } };
      const stolen = await modern(bob, { inputResponses, requestState });
      expect(stolen.json.error.code).toBe(-32602);
      // Not at its end, where some characters stand for the same bytes.
      const changed = requestState.replace(/.(?=.{8}$)/, (one: string) =>
        one === 'x' ? 'y' : 'x',
      );
      const forged = await modern(token, {
        inputResponses,
        requestState: changed,
      });
      expect(forged.json.error.code).toBe(-32602);
    });

    it('does not ask again when the user declines', async () => {
      token = (await world.zone.login('usr_ada')).accessToken;
      const { requestState } = (await modern(token)).json.result;
      const inputResponses = { consent_0: { action: 'decline' } };
      const declined = await modern(token, { inputResponses, requestState });
      expect(declined.json.result).toMatchObject({ isError: true });
      expect(JSON.stringify(declined.json.result.content)).toContain(
        'declined',
      );
    });

    it('tells a client that opens no pages where the page is', async () => {
      token = (await world.zone.login('usr_ada')).accessToken;
      const { result } = (await modern(token, {}, {})).json;
      expect(result.isError).toBe(true);
      expect(JSON.stringify(result.content)).toContain(link());
    });
  });
});
