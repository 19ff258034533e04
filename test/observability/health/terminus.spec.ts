import { Controller, Get, Module, type INestApplication } from '@nestjs/common';
import {
  HealthCheck,
  HealthCheckService,
  TerminusModule,
} from '@nestjs/terminus';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditStream } from '../../../lib/observability/audit/audit-stream.js';
import { DocumentProbe } from '../../../lib/observability/health/document.probe.js';
import { ExchangeRateProbe } from '../../../lib/observability/health/exchange-rate.probe.js';
import { ExchangeRate } from '../../../lib/observability/health/exchange-rate.js';
import { KeycardHealthIndicator } from '../../../lib/observability/health/keycard.health-indicator.js';
import { EVENTS } from '../support/audit-events.js';

/** A zone that can be switched off. */
class FakeZone {
  isDown = false;
  age: number | undefined = 1000;

  async read(): Promise<void> {
    await Promise.resolve();
    if (this.isDown) {
      throw Object.assign(new Error('secret'), { code: 'zone_unavailable' });
    }
  }
}

@Controller()
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly keycard: KeycardHealthIndicator,
  ) {}

  @Get('health')
  @HealthCheck()
  check() {
    return this.health.check([() => this.keycard.check('keycard')]);
  }
}

@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [
    FakeZone,
    AuditStream,
    {
      provide: KeycardHealthIndicator,
      inject: [FakeZone, AuditStream],
      useFactory: (zone: FakeZone, stream: AuditStream) => {
        const rate = new ExchangeRate();
        rate.follow(stream);
        return new KeycardHealthIndicator([
          new DocumentProbe('discovery', zone, { maxAge: 5000 }),
          new DocumentProbe('keys', { age: undefined }),
          new ExchangeRateProbe(rate),
        ]);
      },
    },
  ],
})
class HealthyModule {}

describe('with terminus', () => {
  let app: INestApplication;
  let zone: FakeZone;
  let stream: AuditStream;

  beforeEach(async () => {
    const module = await Test.createTestingModule({
      imports: [HealthyModule],
    }).compile();
    app = module.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    zone = app.get(FakeZone);
    stream = app.get(AuditStream);
  });
  afterEach(() => app.close());

  async function check() {
    const response = await fetch(`${await app.getUrl()}/health`);
    const text = await response.text();
    const body = JSON.parse(text) as {
      status: string;
      details: { keycard: Record<string, unknown> };
    };
    return { status: response.status, text, body };
  }

  it('a healthy application answers 200 with its parts', async () => {
    const { status, body } = await check();
    expect(status).toBe(200);
    expect(body.status).toBe('ok');
    expect(body.details.keycard).toEqual({
      status: 'up',
      discovery: { status: 'up', loaded: true, ageSeconds: 1 },
      keys: { status: 'up', loaded: false },
      exchange: {
        status: 'up',
        total: 0,
        failed: 0,
        errorRate: 0,
        windowSeconds: 300,
      },
    });
  });

  it('an outdated document is degraded, and still 200', async () => {
    zone.age = 6000;
    const { status, body } = await check();
    expect(status).toBe(200);
    expect(body.status).toBe('degraded');
    expect(body.details.keycard.status).toBe('degraded');
  });

  it('a zone that is down is 503, and recovers', async () => {
    zone.isDown = true;
    const { status, body, text } = await check();
    expect(status).toBe(503);
    expect(body.status).toBe('error');
    expect(body.details.keycard.discovery).toEqual({
      status: 'down',
      error: 'zone_unavailable',
    });
    expect(text).not.toContain('secret');
    zone.isDown = false;
    expect((await check()).status).toBe(200);
  });

  it('exchanges that fail are 503', async () => {
    for (let index = 0; index < 10; index += 1) {
      stream.emit({ ...EVENTS.exchange, outcome: 'failed' });
    }
    const { status, body } = await check();
    expect(status).toBe(503);
    expect(body.details.keycard.exchange).toMatchObject({
      status: 'down',
      errorRate: 1,
    });
  });
});
