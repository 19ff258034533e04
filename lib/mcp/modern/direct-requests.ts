import type { IncomingHttpHeaders } from 'node:http';
import { classifyMessage } from '../transport/message-classifier.js';
import { MODERN_REVISION } from '../transport/transport.constants.js';
import type { McpRequest } from '../transport/transport.interfaces.js';
import type { ModernSdk } from './modern-sdk.loader.js';

/** The methods, with the parameter that their `Mcp-Name` header repeats. */
const METHODS = new Map([
  ['tools/list', undefined],
  ['tools/call', 'name'],
  ['resources/list', undefined],
  ['resources/templates/list', undefined],
  ['resources/read', 'uri'],
  ['prompts/list', undefined],
  ['prompts/get', 'name'],
  ['completion/complete', undefined],
]);

/** A header that is Base64; its text is for the package to find. */
const ENCODED = '=?';

/**
 * Finds the frequent requests that are as they should be: there the package,
 * which makes a server and a transport for each of them, is spared. Whatever
 * is odd about a request, the package says.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
 */
export class DirectRequests {
  constructor(
    private readonly sdk: Pick<ModernSdk, 'classifyInboundRequest'>,
  ) {}

  /** The request; `undefined` for what is the package's. */
  find(body: unknown, headers: IncomingHttpHeaders): McpRequest | undefined {
    const classified = classifyMessage(body);
    if (classified.kind !== 'request') return undefined;
    const { message } = classified;
    const isSound =
      repeatsBody(message, headers) && this.hasSoundEnvelope(message);
    return isSound ? message : undefined;
  }

  private hasSoundEnvelope(body: McpRequest): boolean {
    const outcome = this.sdk.classifyInboundRequest({
      httpMethod: 'POST',
      protocolVersionHeader: MODERN_REVISION,
      mcpMethodHeader: body.method,
      body,
    });
    return (
      outcome.kind === 'modern' &&
      outcome.classification.revision === MODERN_REVISION
    );
  }
}

/** Whether the standard headers are there, and say what the body says. */
function repeatsBody(
  { method, params }: McpRequest,
  headers: IncomingHttpHeaders,
): boolean {
  if (!METHODS.has(method)) return false;
  if (headers['mcp-protocol-version'] !== MODERN_REVISION) return false;
  if (headers['mcp-method'] !== method) return false;
  const parameter = METHODS.get(method);
  if (parameter === undefined) return true;
  const name = headers['mcp-name'];
  return (
    typeof name === 'string' &&
    !name.startsWith(ENCODED) &&
    name === params?.[parameter]
  );
}
