import { isDeepStrictEqual } from 'node:util';
import {
  modernRequest,
  standardHeaders,
} from '../mcp/modern/support/modern-messages.js';
import { bearer, post, request } from '../support/post.js';
import { forecast, toolName } from './forecast.js';
import { encodePost } from './load/http-request.js';
import { applyLoad, sendOnce, type LoadTarget } from './load/load.js';
import { UnexpectedAnswerError } from './load/unexpected-answer.error.js';
import type { Scenario } from './scenarios.js';
import { ServerHandle } from './servers/server.handle.js';
import { urlOf } from './servers/server-spec.js';
import type { WeatherZone } from './weather-zone.js';

/** What was measured in one round. */
export interface Measurement {
  readonly requestsPerSecond: number;
  /** Microseconds of the server's processor for a request. */
  readonly processorTime: number;
  /** Share of a processor that the server used: 1 is all it can get. */
  readonly utilization: number;
}

const INPUT = { city: 'Zürich', days: 3 };

/** A scenario with its server running and its answer known. */
export class Contender {
  private constructor(
    readonly scenario: Scenario,
    private readonly server: ServerHandle,
    private readonly target: LoadTarget,
  ) {}

  /** @throws Error when its answer is wrong */
  static async start(
    scenario: Scenario,
    port: number,
    zone: WeatherZone,
    nodeOptions: readonly string[],
  ): Promise<Contender> {
    const { issuer } = zone;
    const server = await ServerHandle.start(
      { ...scenario.server, port, issuer },
      nodeOptions,
    );
    const message = messageOf(scenario);
    const headers = {
      ...(scenario.era === 'modern' && standardHeaders(message)),
      ...(scenario.server.kind === 'keycard' && bearer(await zone.logIn(port))),
    };
    if (scenario.inSession) {
      Object.assign(headers, await openSession(port, headers));
    }
    const encoded = encodePost(port, message, headers);
    const { status, body } = await sendOnce(port, encoded);
    check(scenario, status, body);
    return new Contender(scenario, server, {
      port,
      request: encoded,
      expected: Buffer.from(body),
    });
  }

  /** Bytes of an answer. */
  get size(): number {
    return this.target.expected.length;
  }

  get heap(): Promise<number> {
    return this.server.heap;
  }

  async warmUp(milliseconds: number): Promise<void> {
    await applyLoad(this.target, milliseconds);
  }

  async measure(milliseconds: number): Promise<Measurement> {
    const before = await this.server.processorTime;
    const { requests, seconds } = await applyLoad(this.target, milliseconds);
    const used = (await this.server.processorTime) - before;
    return {
      requestsPerSecond: requests / seconds,
      processorTime: used / requests,
      utilization: used / 1e6 / seconds,
    };
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

function messageOf({ method, era, server }: Scenario) {
  const params =
    method === 'tools/call'
      ? { name: toolName(server.toolCount / 2), arguments: INPUT }
      : {};
  return era === 'modern'
    ? modernRequest(method, params)
    : request(method, params);
}

async function openSession(port: number, headers: Record<string, string>) {
  const protocolVersion = '2025-11-25';
  const answer = await post(
    urlOf(port),
    request('initialize', {
      protocolVersion,
      capabilities: {},
      clientInfo: { name: 'bench', version: '1.0.0' },
    }),
    headers,
  );
  return {
    'mcp-session-id': answer.headers.get('mcp-session-id')!,
    'mcp-protocol-version': protocolVersion,
  };
}

/** Every later answer is compared with this one, byte by byte. */
function check({ method, server }: Scenario, status: number, body: Buffer) {
  const { id, result } = JSON.parse(body.toString()) as {
    id: unknown;
    result?: { content?: unknown; isError?: boolean; tools?: unknown[] };
  };
  const isRight =
    method === 'tools/call'
      ? isDeepStrictEqual(result?.content, forecast(INPUT).content) &&
        !result?.isError
      : result?.tools?.length === server.toolCount;
  if (status !== 200 || id !== 1 || !isRight) {
    throw new UnexpectedAnswerError(status, body);
  }
}
