import { isLoopbackUrl } from './loopback.js';
import type { ZoneContext } from './zone-context.js';

/**
 * How oidc-provider fetches key sets and client metadata documents. Declared
 * documents come from memory. Its guard against requests to this machine is
 * lifted for loopback addresses, where applications under development live.
 */
export async function outboundFetch(
  context: ZoneContext,
  input: string | URL | Request,
  init: RequestInit & { dispatcher?: unknown } = {},
): Promise<Response> {
  const url = input instanceof Request ? input.url : String(input);
  const document = context.model.documents.get(url);
  if (document) {
    return Response.json({ ...document, scope: undefined });
  }
  if (!isLoopbackUrl(url)) {
    return fetch(input, init);
  }
  const { dispatcher: _, ...withoutGuard } = init;
  return fetch(input, withoutGuard);
}
