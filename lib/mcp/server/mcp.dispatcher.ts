import type { CatalogArea, McpCatalog } from '../catalog/mcp-catalog.js';
import type { McpContext } from '../context/mcp-context.js';
import type {
  McpRequest,
  MethodDispatcher,
} from '../transport/transport.interfaces.js';
import type {
  MethodHandler,
  MethodHandlers,
} from './method-handler.interface.js';

/** Answers the methods that are about the catalog. */
export class McpDispatcher implements MethodDispatcher {
  private readonly methods: ReadonlyMap<string, MethodHandler>;

  /** @param callTimeout milliseconds; 0 means no limit */
  constructor(
    private readonly catalog: McpCatalog,
    private readonly callTimeout: number,
    methods: MethodHandlers,
  ) {
    this.methods = new Map(Object.entries(methods));
  }

  handles(method: string): boolean {
    return this.methods.has(method) && this.catalog.offers(areaOf(method));
  }

  timeoutOf(request: McpRequest): number {
    return this.catalog.entryOf(request)?.timeout ?? this.callTimeout;
  }

  dispatch(request: McpRequest, context: McpContext): unknown {
    return this.methods.get(request.method)!(request, context);
  }
}

function areaOf(method: string): CatalogArea {
  return method.slice(0, method.indexOf('/')) as CatalogArea;
}
