import type { IncomingMessage, ServerResponse } from 'node:http';
import { Principal } from '../../../../lib/verification/principal.js';
import type {
  Caller,
  EndpointGate,
  McpRequest,
} from '../../../../lib/mcp/transport/transport.interfaces.js';

/**
 * Lets in whoever names a user in `x-user`, with a token that expires at
 * `x-expires` (seconds). `x-async` makes it decide later; the tool `forbidden`
 * is refused to all.
 */
export class FakeGate implements EndpointGate {
  authenticate(
    request: IncomingMessage,
    response: ServerResponse,
  ): Caller | undefined | Promise<Caller | undefined> {
    const { headers } = request;
    if (headers['x-user'] === 'broken') throw new Error('gate out of order');
    const caller = callerOf(request);
    if (!caller) {
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end('{}');
    }
    if (headers['x-async'] === undefined) return caller;
    return headers['x-async'] === 'rejects'
      ? Promise.reject(new Error('gate out of order'))
      : new Promise((resolve) => setImmediate(() => resolve(caller)));
  }

  authorize(
    message: McpRequest,
    _caller: Caller,
    _request: IncomingMessage,
    response: ServerResponse,
  ): boolean {
    if (message.params?.['name'] !== 'forbidden') return true;
    response.writeHead(403, { 'www-authenticate': 'Bearer' }).end('{}');
    return false;
  }
}

function callerOf({ headers }: IncomingMessage): Caller | undefined {
  const subject = headers['x-user'];
  if (typeof subject !== 'string') return undefined;
  const inAnHour = Math.floor(Date.now() / 1000) + 3600;
  const principal = new Principal(
    {
      issuer: 'https://zone.example',
      subject,
      clientId: 'client',
      scopes: ['tools'],
      audience: ['https://mcp.example/mcp'],
      expiresAt: Number(headers['x-expires'] ?? inAnHour),
      resource: 'https://mcp.example/mcp',
      claims: { jti: String(headers['x-token'] ?? '') },
    },
    'token',
  );
  return { principal, identity: subject };
}
