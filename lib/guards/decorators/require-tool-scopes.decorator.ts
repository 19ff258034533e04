import { toScopeList } from '../../oauth/scopes.js';
import { injectParametersByType } from '../../parameters/injected-parameter.js';

/** Metadata key of {@link RequireToolScopes}. */
export const TOOL_SCOPES_METADATA = 'keycard:tool-scopes';

/** Scopes by the name of the tool they are needed for. */
export type ToolScopes = ReadonlyMap<string, readonly string[]>;

/**
 * Demands scopes for single tools of an MCP server of your own, on the route
 * or the controller that serves it, and a valid access token for all of it. The
 * guard looks into the messages, also into batches of them, and refuses with
 * status 403 and a challenge before the SDK sees any. Scopes of class and method
 * add up. Hand the SDK the body that was looked into: `request.body`.
 *
 * @throws InvalidScopeError
 * @example
 * ```ts
 * @Post()
 * @RequireToolScopes({ create_event: 'calendar:write' })
 * serve(@Req() request: Request, @Res() response: Response) {}
 * ```
 * @publicApi
 */
export const RequireToolScopes =
  (
    scopes: Readonly<Record<string, string | readonly string[]>>,
  ): MethodDecorator & ClassDecorator =>
  (
    target: object,
    method?: string | symbol,
    descriptor?: TypedPropertyDescriptor<any>,
  ) => {
    const subject: object = descriptor ? descriptor.value : target;
    const declared = new Map(toolScopesOf(subject));
    for (const [tool, list] of Object.entries(scopes)) {
      declared.set(tool, [...(declared.get(tool) ?? []), ...toScopeList(list)]);
    }
    Reflect.defineMetadata(TOOL_SCOPES_METADATA, declared, subject);
    if (method !== undefined) injectParametersByType(target, method);
  };

/** Scopes declared on a method or a class; `undefined` without the decorator. */
export function toolScopesOf(subject: object): ToolScopes | undefined {
  return Reflect.getMetadata(TOOL_SCOPES_METADATA, subject) as
    ToolScopes | undefined;
}
