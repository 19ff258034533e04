import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLoopbackWebUrl } from './loopback.js';
import { strings } from './text.js';

/**
 * Makes a registration request one that oidc-provider answers as MCP clients
 * expect:
 *
 * - `scope` goes, because it may only name the zone's own scopes there;
 * - a client that names no authentication method is public;
 * - a client on this machine is native, so its port may change.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8252#section-7.3
 */
export function repairRegistration(body: Buffer): Buffer {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString());
  } catch {
    return body;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return body;
  }
  const { scope: _, ...metadata } = parsed as Record<string, unknown>;
  metadata['token_endpoint_auth_method'] ??= 'none';
  const redirectUris = strings(metadata['redirect_uris']);
  if (redirectUris.length > 0 && redirectUris.every(isOnThisMachine)) {
    metadata['application_type'] ??= 'native';
  }
  return Buffer.from(JSON.stringify(metadata));
}

/** A loopback address, or a scheme of an application's own. */
function isOnThisMachine(redirectUri: string): boolean {
  return isLoopbackWebUrl(redirectUri) || !/^https?:/i.test(redirectUri);
}

/** Lets browser clients register: oidc-provider has no CORS on this route. */
export function allowRegistrationOrigin(response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', '*');
}

/** Answers the preflight of a registration, and says whether it was one. */
export function answerRegistrationPreflight(
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (request.method !== 'OPTIONS') {
    return false;
  }
  response.writeHead(204, {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers':
      'content-type, accept, mcp-protocol-version',
  });
  response.end();
  return true;
}
