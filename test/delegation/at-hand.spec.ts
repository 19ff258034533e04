import type { ExecutionContext } from '@nestjs/common';
import { Grant, type AccessContext, type Principal } from 'nestjs-keycard';
import type { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ExchangeReport } from '../../lib/delegation/exchange-report.js';
import { grantsOf } from '../../lib/delegation/grant.decorator.js';
import type { ServerMetadata } from '../../lib/oauth/server-metadata.js';
import type { TokenExchangeService } from '../../lib/delegation/token-exchange.service.js';
import {
  CALENDAR,
  CREDENTIAL,
  DOCUMENTS,
  GRANT_TYPE,
  principalOf,
  serviceWith,
  startZone,
  STATUS,
} from './support/exchange-world.js';

class Tools {
  @Grant([CALENDAR, STATUS])
  run(this: void, _access: AccessContext) {}

  @Grant([CALENDAR, DOCUMENTS])
  runInPart(this: void, _access: AccessContext) {}
}

const { run, runInPart } = Tools.prototype;
const CONTEXT = {} as ExecutionContext;

describe('tokens that are at hand', () => {
  let zone: LocalZone;
  let ada: Principal;
  let service: TokenExchangeService;
  let reports: ExchangeReport[];
  let controller: AbortController;
  let signalsMade: number;

  beforeAll(async () => {
    zone = await startZone();
    const { accessToken } = await zone.login('usr_ada');
    ada = principalOf(zone.issuer, accessToken);
  });
  afterAll(() => zone.stop());
  beforeEach(() => {
    zone.clearCalls();
    reports = [];
    controller = new AbortController();
    signalsMade = 0;
    service = serviceWith({ onExchange: (report) => reports.push(report) });
  });

  const exchange = (handler: object = run) =>
    service.exchangeDeclared(ada, grantsOf(handler), {
      context: CONTEXT,
      signal: () => {
        signalsMade += 1;
        return controller.signal;
      },
    });
  const exchanges = () => zone.count('token', GRANT_TYPE);

  it('are given without a signal and without the zone', async () => {
    const first = await exchange();
    const made = signalsMade;
    expect(made).toBeGreaterThan(0);
    const second = await exchange();
    expect(second.access(CALENDAR)).toBe(first.access(CALENDAR));
    expect(second.access(STATUS)).toBe(first.access(STATUS));
    expect([signalsMade, exchanges()]).toEqual([made, 2]);
  });

  it('are reported like any other', async () => {
    await exchange();
    await exchange();
    const [missed, hit] = [reports[0]!, reports.at(-1)!];
    expect(missed).toMatchObject({ cache: 'miss', attempts: 1 });
    expect(hit).toEqual({
      resource: STATUS,
      authority: 'caller',
      isRenewal: false,
      issuer: zone.issuer,
      principal: ada,
      outcome: 'granted',
      cache: 'hit',
      attempts: 0,
      durationMs: expect.any(Number),
    });
  });

  it('are given beside those that are refused', async () => {
    await exchange();
    const access = await exchange(runInPart);
    expect(access.getSuccessfulResources()).toEqual([CALENDAR]);
    expect(access.getFailedResources()).toEqual([DOCUMENTS]);
  });

  it('are not waited for by a call that was cancelled', async () => {
    controller.abort(new Error('cancelled'));
    await expect(exchange()).rejects.toThrow('cancelled');
    expect(exchanges()).toBe(0);
    await expect(
      service.exchange(ada, [CALENDAR], { signal: controller.signal }),
    ).rejects.toThrow('cancelled');
  });

  it('are those of the caller who asks', async () => {
    const { accessToken } = await zone.login('usr_bob');
    const bob = principalOf(zone.issuer, accessToken);
    const ask = (caller: Principal) =>
      service.exchangeDeclared(caller, grantsOf(run), { context: CONTEXT });
    const [hers, his] = [await ask(ada), await ask(bob)];
    expect(his.access(CALENDAR)).not.toBe(hers.access(CALENDAR));
    expect((await ask(ada)).access(CALENDAR)).toBe(hers.access(CALENDAR));
    expect((await ask(bob)).access(CALENDAR)).toBe(his.access(CALENDAR));
    expect(exchanges()).toBe(4);
  });

  it('are not those of another client id of the same credential', async () => {
    const identity = CREDENTIAL.identify({} as ServerMetadata);
    const unknown = { ...identity, clientId: 'unknown' };
    let current = identity;
    service = serviceWith({ credential: { identify: () => current } });
    const first = await exchange();
    current = unknown;
    expect((await exchange()).getFailedResources()).toHaveLength(2);
    current = identity;
    expect((await exchange()).access(CALENDAR)).toBe(first.access(CALENDAR));
  });

  it('are not those of a grant that was another before', async () => {
    const grant = { resource: CALENDAR };
    const first = await service.exchange(ada, [grant]);
    grant.resource = STATUS;
    const second = await service.exchange(ada, [grant]);
    expect(second.access(STATUS)).not.toBe(first.access(CALENDAR));
    expect(second.getSuccessfulResources()).toEqual([STATUS]);
  });

  it('need a credential that says who asks, however it does', async () => {
    service = serviceWith({
      credential: {
        identify: async (server) => CREDENTIAL.identify(server),
      },
    });
    const first = await exchange();
    const second = await exchange();
    expect(second.access(CALENDAR)).toBe(first.access(CALENDAR));
    service = serviceWith({ credential: null });
    expect((await exchange()).getFailedResources()).toHaveLength(2);
  });
});
