import {
  Controller,
  Get,
  Injectable,
  Module,
  type INestApplication,
} from '@nestjs/common';
import { KeycardModule, McpTool, Protected } from 'nestjs-keycard';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { boot } from '../support/boot.js';
import {
  attacker,
  BADLY_SIGNED,
  ec,
  IMPLAUSIBLE,
  setStage,
} from '../support/forged-tokens.js';
import { toolCall } from '../support/post.js';
import { RESOURCE, VerificationWorld } from '../support/verification-world.js';
import { Watch, type WatchedAnswer } from '../support/watch.js';
import { ZoneServer } from '../support/zone-server.js';

/** What a header can carry at all. */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** HTTP itself takes a blank off the end. */
const ENDS_IN_BLANK = /[\t ]$/;
/** What RFC 6750 takes for a token. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;
/** Characters of headers that node accepts, with some room for the others. */
const MAX_HEADER = 16_000;

/** By which rule a text is refused: as no token, for its size, as a bad one. */
function statusFor(token: string): number {
  if (token.length > MAX_HEADER) return 431;
  return TOKEN.test(token) ? 401 : 400;
}

describe.each(ADAPTERS)('forged tokens on %s', (_name, createAdapter) => {
  const watch = new Watch();
  let runs = 0;
  let world: VerificationWorld;
  let attackerServer: ZoneServer;
  let application: INestApplication;
  let url: string;

  @Injectable()
  class Tools {
    @McpTool({ description: 'For tests' })
    ping() {
      runs += 1;
      return 'pong';
    }
  }

  @Controller('route')
  class RouteController {
    @Get()
    @Protected()
    get() {
      runs += 1;
      return {};
    }
  }

  beforeAll(async () => {
    world = await VerificationWorld.start();
    attackerServer = await ZoneServer.start();
    attackerServer.keys = [attacker.jwk];
    setStage(world, attackerServer);
    world.reset(world.signer.jwk, ec.jwk);

    @Module({
      imports: [
        KeycardModule.forRoot({
          zoneUrl: world.zone.issuer,
          resourceUrl: RESOURCE,
          tokens: { algorithms: ['RS256', 'ES256'] },
        }),
      ],
      controllers: [RouteController],
      providers: [Tools],
    })
    class AppModule {}
    application = await boot(AppModule, {
      adapter: createAdapter(),
      logger: watch.logger,
    });
    url = await application.getUrl();
  });
  beforeEach(() => {
    runs = 0;
  });
  afterAll(async () => {
    await application.close();
    await world.zone.stop();
    await attackerServer.stop();
    watch.expectNoLeak();
  });

  const PLACES: [string, (authorization: string) => Promise<WatchedAnswer>][] =
    [
      [
        'the MCP endpoint',
        (authorization) =>
          watch.post(`${url}/mcp`, toolCall('ping'), {
            host: new URL(RESOURCE).host,
            authorization,
          }),
      ],
      [
        'an HTTP route',
        (authorization) =>
          watch.send(`${url}/route`, { headers: { authorization } }),
      ],
    ];

  it.each(PLACES)('reach no handler of %s', async (_place, send) => {
    const wrong: string[] = [];
    let sent = 0;
    for (const [name, make] of [...IMPLAUSIBLE, ...BADLY_SIGNED]) {
      const token = make();
      if (!SENDABLE.test(token) || ENDS_IN_BLANK.test(token)) continue;
      sent += 1;
      const { status, json } = await send(`Bearer ${token}`);
      const isExplained = status === 431 || Boolean(json?.error_description);
      if (status !== statusFor(token) || !isExplained) {
        wrong.push(`${name}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(sent).toBeGreaterThan(180);
    expect(runs).toBe(0);
    expect(attackerServer.requests).toEqual([]);
  });

  it.each(PLACES)('are not what is let in at %s', async (_place, send) => {
    const { status } = await send(`Bearer ${watch.keep(world.token())}`);
    expect([status, runs]).toEqual([200, 1]);
  });
});
