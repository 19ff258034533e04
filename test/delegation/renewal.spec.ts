import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ExchangeReport } from '../../lib/delegation/exchange-report.js';
import {
  APPLICATION,
  GRANT_TYPE,
  MCP,
  principalOf,
  SECRET,
  serviceWith,
} from './support/exchange-world.js';

describe('a token that its API does not accept any more', () => {
  let server: Server;
  let zone: LocalZone;
  let api: string;
  let revoked: Set<string>;
  let calls: string[];

  beforeAll(async () => {
    server = createServer((request, response) => {
      const authorization = request.headers.authorization!;
      calls.push(authorization);
      response.writeHead(revoked.has(authorization) ? 401 : 200).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    api = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
    zone = await LocalZone.create()
      .user({ id: 'usr_ada' })
      .resource(MCP, { ownedBy: APPLICATION })
      .resource(api, {})
      .application(APPLICATION, {
        clients: [{ clientId: 'assistant', clientSecret: SECRET }],
        dependsOn: [api],
      })
      .start();
  });
  beforeEach(() => {
    revoked = new Set();
    calls = [];
    zone.clearScripts();
    zone.clearCalls();
  });
  afterAll(async () => {
    server.close();
    await zone.stop();
  });

  async function start(signal?: AbortSignal) {
    const { accessToken } = await zone.login('usr_ada');
    zone.clearCalls();
    const reports: ExchangeReport[] = [];
    const service = serviceWith({ onExchange: (one) => reports.push(one) });
    const ada = principalOf(zone.issuer, accessToken);
    const options = signal ? { signal } : {};
    const access = await service.exchange(ada, [api], options);
    return { service, ada, access, reports, accessToken };
  }

  const exchanges = () => zone.count('token', GRANT_TYPE);

  it('is exchanged once more, and the call is made once more', async () => {
    const { service, ada, access, reports, accessToken } = await start();
    revoked.add(access.access(api).authorization);
    const response = await access.fetch(api, '/x');
    expect(response.status).toBe(200);
    expect(exchanges()).toBe(2);
    expect(new Set(calls).size).toBe(2);
    expect(calls.join()).not.toContain(accessToken);
    expect(reports.map(({ isRenewal, cache }) => [isRenewal, cache])).toEqual([
      [false, 'miss'],
      [true, 'miss'],
    ]);
    // The next call of the same caller gets the new one.
    const next = await service.exchange(ada, [api]);
    expect((await next.fetch(api, '/x')).status).toBe(200);
    expect(exchanges()).toBe(2);
  });

  it('is exchanged once for many calls at once', async () => {
    const { service, ada, access } = await start();
    revoked.add(access.access(api).authorization);
    const contexts = await Promise.all(
      Array.from({ length: 20 }, () => service.exchange(ada, [api])),
    );
    const responses = await Promise.all(
      contexts.map((context) => context.fetch(api, '/x')),
    );
    expect(new Set(responses.map(({ status }) => status))).toEqual(
      new Set([200]),
    );
    expect(exchanges()).toBe(2);
  });

  it('is reported when the zone refuses another', async () => {
    const { access } = await start();
    revoked.add(access.access(api).authorization);
    const body = { error: 'access_denied' };
    zone.script('token', { status: 400, body });
    await expect(access.fetch(api, '/x')).rejects.toMatchObject({
      resource: api,
      error: { code: 'access_denied', retryable: false },
    });
    expect(calls).toHaveLength(1);
  });

  it('is not exchanged for a call that was given up', async () => {
    const controller = new AbortController();
    const { access } = await start(controller.signal);
    revoked.add(access.access(api).authorization);
    controller.abort(new Error('given up'));
    await expect(access.fetch(api, '/x')).rejects.toThrow('given up');
    expect(exchanges()).toBe(1);
  });
});
