/** Sentences for clients of the modern era. */
export const ModernMessages = {
  legacyNotServed: (supported: readonly string[]) =>
    `This endpoint only speaks ${supported.join(', ')}, which has no initialize: name the revision in the _meta of every request`,

  headerMissing: (header: string, path: string) =>
    `The ${header} header is missing, but the arguments have ${path}`,
  headerEncoding: (header: string) =>
    `The ${header} header is not valid Base64 of UTF-8`,
  headerMismatch: (header: string, path: string) =>
    `The ${header} header differs from ${path} of the arguments`,

  argumentsTooDeep: (depth: number) =>
    `The arguments must not be nested deeper than ${depth} levels`,
  invalidInputResponses: 'inputResponses must be an object',
  invalidRequestState:
    'The requestState is not valid: it was changed, has expired, or belongs to another call',
} as const;

/** Sentences for the log. */
export const ModernLogMessages = {
  packageMissing: (name: string) =>
    `Revision 2026-07-28 needs the package ${name}, which is not installed. Run npm install ${name}, or set mcp.eras to 'legacy'.`,
  fallback: (name: string) =>
    `Revision 2026-07-28 is not served, because the package ${name} is not installed.`,
  speaks: (server: string, revisions: readonly string[]) =>
    `MCP server "${server}" speaks ${revisions.join(', ')}`,
  randomStateKey:
    'mcp.stateSecret is not set, and this looks like one of several replicas: a call that asks its user something can only be repeated at the replica that asked. Set mcp.stateSecret to the same value on all of them.',
  invalidEras: (eras: readonly string[], value: unknown) =>
    `mcp.eras must be one of ${eras.join(', ')}: got ${JSON.stringify(value)}.`,
  shortStateSecret: (length: number) =>
    `mcp.stateSecret must have at least ${length} characters, made up by a machine.`,
  misplacedHeader: (place: string, path: string) =>
    `${place}: x-mcp-header at ${path} has no effect there. Put it on a property that is reached through properties alone.`,
  invalidHeader: (place: string, path: string) =>
    `${place}: x-mcp-header at ${path} must be the name of an HTTP header, on a string, an integer or a boolean.`,
  secretHeader: (place: string, path: string) =>
    `${place}: x-mcp-header at ${path} would put a secret where proxies log it. Leave it out.`,
  duplicateHeader: (place: string, header: string) =>
    `${place}: x-mcp-header ${JSON.stringify(header)} is on two properties. Names of headers do not differ by case.`,
  noResult: 'A handler returned something that is not an object',
  codeNotAllowed: (method: string, code: number) =>
    `The MCP method ${method} answered with error ${code}, which revision 2026-07-28 does not have`,
} as const;
