import type { Principal } from '../../verification/principal.js';
import type { McpCatalog } from '../catalog/mcp-catalog.js';
import type { McpContext } from '../context/mcp-context.js';
import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import { toolError } from '../results/tool-result.mapper.js';
import type {
  McpRequest,
  MethodDispatcher,
} from '../transport/transport.interfaces.js';
import type { MissingScopeException } from './missing-scope.exception.js';

/** What decides over calls. */
export interface LocalDispatcherInit {
  readonly inner: MethodDispatcher;
  readonly catalog: McpCatalog;
  /** Why a caller may not do what needs the scopes; `undefined`: it may. */
  readonly refusalOf: (
    principal: Principal,
    scopes: readonly string[],
  ) => MissingScopeException | undefined;
}

/**
 * Answers calls whose scopes suffice. The others have no HTTP status to be
 * refused by, and nobody who could step up: they are answered with an error.
 */
export class LocalDispatcher implements MethodDispatcher {
  constructor(private readonly init: LocalDispatcherInit) {}

  handles(method: string): boolean {
    return this.init.inner.handles(method);
  }

  timeoutOf(request: McpRequest): number {
    return this.init.inner.timeoutOf(request);
  }

  dispatch(request: McpRequest, context: McpContext): unknown {
    const { inner, catalog, refusalOf } = this.init;
    const scopes = catalog.scopesOf(request);
    const refusal = refusalOf(context.principal, scopes);
    if (!refusal) return inner.dispatch(request, context);
    const { message } = refusal;
    if (request.method === 'tools/call') return toolError(message);
    throw new JsonRpcError(JsonRpcErrorCode.InvalidRequest, message);
  }
}
