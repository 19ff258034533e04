import { ExpressAdapter } from '@nestjs/platform-express';
import { SpanStatusCode } from '@opentelemetry/api';
import { AuditStream, type AuditEvent } from 'nestjs-keycard';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  startCollecting,
  stopCollecting,
  type Collector,
} from '../../observability/support/open-telemetry.js';
import { ModernWorld } from '../modern/support/modern-world.js';
import { AskedClient, isModern, KINDS } from './support/asking-client.js';
import { AskingTools } from './support/asking-tools.js';

describe('a call that asks its client', () => {
  let world: ModernWorld;
  let collector: Collector;
  const events: AuditEvent[] = [];

  beforeAll(async () => {
    collector = startCollecting();
    world = await ModernWorld.start(new ExpressAdapter(), {}, AskingTools);
    world.application
      .get(AuditStream)
      .subscribe((event) => void events.push(event), { types: ['tool_call'] });
  });
  afterAll(async () => {
    await world.stop();
    stopCollecting();
  });
  beforeEach(() => {
    events.length = 0;
  });

  const told = () => events.map(({ outcome }) => outcome);
  const call = async (kind: (typeof KINDS)[number], tool: string) => {
    const client = await AskedClient.connect(kind, world.url, world.bearer(), {
      elicit: () => ({ action: 'accept', content: { ok: true, text: 'yes' } }),
    });
    await client.ask(tool);
    await client.close();
  };

  describe.each(KINDS)('%s', (kind) => {
    it('has not been refused when its handler is to run again', async () => {
      await call(kind, 'stages');
      const asked = 'input_required';
      expect(told()).toEqual([asked, asked, asked, 'succeeded']);
    });

    it('goes on where the client answers within the session', async () => {
      await call(kind, 'survey');
      const rounds = isModern(kind) ? 3 : 0;
      expect(told()).toEqual([
        ...Array.from({ length: rounds }, () => 'input_required'),
        'succeeded',
      ]);
    });
  });

  it('is no failed span, and is timed as any other', async () => {
    const spans = collector
      .spans()
      .filter(({ name }) => name.startsWith('tools/call'));
    expect(spans.length).toBeGreaterThan(20);
    for (const { status, attributes } of spans) {
      expect(status.code).toBe(SpanStatusCode.UNSET);
      expect(attributes['error.type']).toBeUndefined();
    }
    const timed = await collector.measurements('mcp.server.operation.duration');
    const errors = timed.map(({ attributes }) => attributes['error.type']);
    expect(errors.filter((type) => type !== undefined)).toEqual([]);
    expect(timed.length).toBeGreaterThan(0);
  });
});
