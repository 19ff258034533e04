import type { INestApplication } from '@nestjs/common';
import { TokenExchangeService } from '../../../lib/delegation/token-exchange.service.js';
import { McpServerRegistry } from '../../../lib/mcp/server/mcp-server.registry.js';
import { TokenVerifier } from '../../../lib/verification/token-verifier.js';

/** Maps that the SDK's protocol keeps for requests under way. */
const SDK_MAPS = [
  '_requestHandlerAbortControllers',
  '_responseHandlers',
  '_progressHandlers',
  '_timeoutInfo',
];

/** What an application holds for its clients, in numbers. */
export interface Holdings {
  readonly sessions: number;
  readonly calls: number;
  readonly serverRequests: number;
  readonly streams: number;
  readonly exchanges: number;
  /** Entries of the SDK's own maps, of all sessions and of none. */
  readonly sdk: number;
  readonly verifiedTokens: number;
  readonly exchangedTokens: number;
}

/** Counts, also where only a look inside tells: leaks have no other face. */
export function holdingsOf(application: INestApplication): Holdings {
  const [server] = application.get(McpServerRegistry).all;
  const { parts } = (server as any).endpoint;
  const sessions = [...(parts.sessions ?? [])].map((session) => session.server);
  return {
    ...server!.stats(),
    sdk: [parts.sharedServer, ...sessions].flatMap(sizesOf).reduce(add, 0),
    verifiedTokens: (application.get(TokenVerifier) as any).cache.principals
      .size,
    exchangedTokens: (application.get(TokenExchangeService) as any).dependencies
      .cache.tokens.size,
  };
}

function sizesOf(server: Record<string, { readonly size: number }>): number[] {
  return SDK_MAPS.map((name) => server[name]!.size);
}

function add(sum: number, size: number): number {
  return sum + size;
}
