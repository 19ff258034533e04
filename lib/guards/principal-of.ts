import { UnauthorizedException } from '@nestjs/common';
import { Principal } from '../verification/principal.js';
import { principalOfRequest } from '../verification/request-principal.js';
import { NOT_LET_IN } from './guards.messages.js';

/**
 * Who is calling, where no parameter can be injected: in the tools of an MCP
 * server of your own.
 *
 * @param source what the SDK hands to a tool (`extra.authInfo`,
 * `ctx.http?.authInfo`), or the request, of Express, Fastify or node
 * @throws UnauthorizedException when the request was not let in by our guard or
 * middleware
 * @example
 * ```ts
 * server.registerTool('list_events', {}, async (extra) => {
 *   const caller = principalOf(extra.authInfo);
 *   const access = await this.exchange.exchange(caller, [CALENDAR]);
 * });
 * ```
 * @publicApi
 */
export function principalOf(source: object | undefined): Principal {
  const principal = principalOfRequest(source) ?? principalOfAuthInfo(source);
  if (!principal) throw new UnauthorizedException(NOT_LET_IN);
  return principal;
}

function principalOfAuthInfo(source: object | undefined) {
  const { extra } = (source ?? {}) as { extra?: { principal?: unknown } };
  const principal = extra?.principal;
  // Nothing but a verified token makes one of these.
  return principal instanceof Principal ? principal : undefined;
}
