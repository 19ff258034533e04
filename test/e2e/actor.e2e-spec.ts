import { Controller, Get, Injectable, Module } from '@nestjs/common';
import {
  AccessContext,
  Actor,
  ClientSecret,
  DelegationChain,
  Grant,
  KeycardModule,
  McpTool,
  Protected,
  type TokenActor,
} from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { boot } from '../support/boot.js';
import { findFreePort } from '../support/free-port.js';
import { bearer, post, toolCall } from '../support/post.js';

const API = 'https://api.example.test';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

@Injectable()
class ActorTools {
  @McpTool({ description: 'For tests' })
  who(
    @Actor() actor: TokenActor | undefined,
    @DelegationChain() chain: object,
  ) {
    return { actor, chain };
  }
}

@Controller('who')
class ActorController {
  @Get()
  @Protected()
  who(
    @Actor() actor: TokenActor | undefined,
    @DelegationChain() chain: object,
  ) {
    return { actor, chain };
  }

  @Get('slow')
  @Grant(API)
  slow(access: AccessContext) {
    return { status: access.getStatus() };
  }
}

describe.each(ADAPTERS)('actors on %s', (_name, createAdapter) => {
  let zone: LocalZone;
  let origin: string;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    const port = await findFreePort();
    origin = `http://localhost:${port}`;
    zone = await LocalZone.create()
      .user({ id: 'usr_ada' })
      .resource(`${origin}/mcp`, { ownedBy: 'assistant' })
      .resource(API)
      .application('assistant', {
        clients: [{ clientId: 'assistant', clientSecret: 'secret-value' }],
        dependsOn: [API],
      })
      .start();

    @Module({
      imports: [
        KeycardModule.forRoot({
          zoneUrl: zone.issuer,
          resourceUrl: `${origin}/mcp`,
          applicationCredential: new ClientSecret('assistant', 'secret-value'),
        }),
      ],
      controllers: [ActorController],
      providers: [ActorTools],
    })
    class AppModule {}
    const application = await boot(AppModule, {
      adapter: createAdapter(),
      port,
    });
    stop = async () => {
      await application.close();
      await zone.stop();
    };
  });
  afterAll(() => stop());

  const tokenWith = (act: unknown) =>
    zone.mint({
      aud: `${origin}/mcp`,
      sub: 'usr_ada',
      client_id: 'test',
      act,
    });

  it.each<[string, unknown, object]>([
    ['nobody', undefined, { chain: [] }],
    [
      'one',
      { sub: 'agent-1', client_id: 'c1' },
      {
        actor: { subject: 'agent-1', clientId: 'c1' },
        chain: [{ subject: 'agent-1', clientId: 'c1' }],
      },
    ],
    [
      'several, the current one first',
      { sub: 'agent-2', act: { sub: 'agent-1' } },
      {
        actor: { subject: 'agent-2' },
        chain: [{ subject: 'agent-2' }, { subject: 'agent-1' }],
      },
    ],
    ['what is no actor', 'agent', { chain: [] }],
  ])('are injected: %s', async (_case, act, expected) => {
    const headers = bearer(await tokenWith(act));
    const tool = await post(`${origin}/mcp`, toolCall('who'), headers);
    expect(tool.json.result.structuredContent).toEqual(expected);
    const route = await fetch(`${origin}/who`, { headers });
    expect(await route.json()).toEqual(expected);
  });

  it('a client that leaves takes the exchange of its route along', async () => {
    const { accessToken } = await zone.login('usr_ada');
    zone.script('token', { delay: 60_000, times: 1 });
    const asked = new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (zone.count('token', EXCHANGE) === 0) return;
        clearInterval(look);
        resolve();
      }, 10);
    });
    const controller = new AbortController();
    const left = fetch(`${origin}/who/slow`, {
      headers: bearer(accessToken),
      signal: controller.signal,
    }).catch((error: Error) => error.name);
    await asked;
    controller.abort();
    expect(await left).toBe('AbortError');
    // The slow exchange was given up: the next one is not made to wait for it.
    const again = await fetch(`${origin}/who/slow`, {
      headers: bearer(accessToken),
    });
    expect(await again.json()).toEqual({ status: 'success' });
    expect(zone.count('token', EXCHANGE)).toBe(2);
  });
});
