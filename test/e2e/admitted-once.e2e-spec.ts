import {
  Controller,
  Get,
  Module,
  UseGuards,
  type INestApplication,
  type MiddlewareConsumer,
  type NestModule,
} from '@nestjs/common';
import {
  KeycardAuthGuard,
  KeycardMiddleware,
  KeycardModule,
  Principal,
  Protected,
  RequireScopes,
} from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { boot } from '../support/boot.js';
import { createProver } from '../support/proof.js';
import { Watch } from '../support/watch.js';

const RESOURCE = 'https://api.example.com';

// The global guard, the same guard once more, and the middleware before them.
@Controller('things')
@UseGuards(KeycardAuthGuard)
class ThingsController {
  @Get()
  @Protected()
  list(principal: Principal) {
    return { subject: principal.subject };
  }

  @Get('scoped')
  @RequireScopes('write')
  scoped() {
    return {};
  }
}

describe.each(ADAPTERS)('a request on %s', (_name, createAdapter) => {
  const watch = new Watch();
  let zone: LocalZone;
  let application: INestApplication;
  let url: string;

  beforeAll(async () => {
    zone = await LocalZone.create().start();
    @Module({
      imports: [
        KeycardModule.forRoot({
          zoneUrl: zone.issuer,
          resourceUrl: RESOURCE,
          tokens: { dpop: { required: true } },
        }),
      ],
      controllers: [ThingsController],
    })
    class AppModule implements NestModule {
      configure(consumer: MiddlewareConsumer) {
        consumer.apply(KeycardMiddleware).forRoutes(ThingsController);
      }
    }
    application = await boot(AppModule, {
      adapter: createAdapter(),
      logger: watch.logger,
    });
    url = await application.getUrl();
  });
  afterAll(async () => {
    await application.close();
    await zone.stop();
    watch.expectNoLeak();
  });

  async function send(path: string) {
    const prover = await createProver();
    const token = watch.keep(
      await zone.mint({
        sub: 'usr_ada',
        aud: RESOURCE,
        cnf: { jkt: prover.thumbprint },
      }),
    );
    const dpop = await prover.prove('GET', RESOURCE + path, token);
    const headers = { authorization: `DPoP ${token}`, dpop };
    const once = await watch.send(url + path, { headers });
    const again = await watch.send(url + path, { headers });
    return { once, again };
  }

  it('proves its key once, whoever asks', async () => {
    const { once, again } = await send('/things');
    expect([once.status, once.json]).toEqual([200, { subject: 'usr_ada' }]);
    // Another request needs another proof.
    expect(again.status).toBe(401);
  });

  it('needs the scopes of whoever asks', async () => {
    const { once } = await send('/things/scoped');
    expect(once.status).toBe(403);
    expect(once.challenge).toContain('scope="write"');
  });
});
