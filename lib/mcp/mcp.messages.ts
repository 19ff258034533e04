export const TOOL_IN_CONTROLLER = (place: string) =>
  `${place} declares an MCP tool in a controller, where its guards would be skipped. Move it to a provider.`;

export const INVALID_TOOL_NAME = (place: string, name: string) =>
  `${place}: ${JSON.stringify(name)} is not a tool name. Use 1 to 64 letters, digits, "_", "-" and ".".`;

export const DUPLICATE_TOOL = (name: string, first: string, second: string) =>
  `Two MCP tools are named ${JSON.stringify(name)}: ${first} and ${second}. Give one of them another name with @McpTool({ name }).`;

export const UNKNOWN_PARAMETER = (place: string, index: number) =>
  `${place}: parameter ${index + 1} is of no type that can be injected, and there is more than one candidate for the tool's input. Mark the input with @ToolInput().`;

export const UNKNOWN_INPUT_TYPE = (place: string) =>
  `${place}: what it accepts is not known at run time. Use a class with class-validator decorators, or give a schema with @McpTool({ input }).`;

export const HOST_OF_OTHER_TOKEN = (place: string) =>
  `${place} declares an MCP tool, but its provider is a factory or a value under a token that is not its class, and Nest would skip request-scoped guards. Provide the class itself.`;

export const HOST_NEEDS_REQUESTS = (place: string) =>
  `${place} declares an MCP tool whose provider is a factory or a value, but it, or a guard, lives as long as a request. Provide the class itself.`;

export const HOST_SKIPS_ENHANCERS = (
  place: string,
  enhancers: readonly string[],
) =>
  `${place} declares an MCP tool, but its provider is a factory or a value, and Nest would skip ${enhancers.join(', ')}. Provide the class itself.`;

export const NOT_A_METHOD = (decorator: string, place: string) =>
  `@${decorator}() on ${place} has no effect there. Put it on a method of an instance, with a name that is a string.`;

export const INVALID_SCOPE = (place: string, reason: string) =>
  `${place}: ${reason}`;

export const INVALID_TIMEOUT = (place: string) =>
  `${place}: \`timeout\` must be a number of milliseconds, or 0 for no limit.`;

export const UNKNOWN_TOOL = (name: string) => `Unknown tool: ${name}`;

export const INVALID_TOOL_CALL =
  'tools/call needs a name, and arguments that are an object';

export const UNKNOWN_CURSOR = 'The cursor is not one of ours';

export const INTERNAL_TOOL_ERROR = (name: string) =>
  `${name} failed because of an internal error.`;

export const TOOL_FAILED = (name: string) => `The MCP tool ${name} failed`;

export const INVALID_RESULT = (name: string) =>
  `The MCP tool ${name} returned a value that does not match its output schema`;

export const NOT_JSON =
  'A tool returned a value that cannot be written as JSON';

export const SERVED = (name: string, path: string, tools: number) =>
  `MCP server "${name}" at ${path}: ${tools} ${tools === 1 ? 'tool' : 'tools'}`;

export const AUTHENTICATION_FAILED =
  'A request could not be authenticated because of an internal error';

export const CONSENT_LINKS = (
  message: string,
  links: readonly { readonly url: string }[],
) =>
  `${message} Open ${links.map(({ url }) => url).join(' and ')} to allow it, then try again.`;

export const CONSENT_DECLINED = (message: string) =>
  `${message} The user declined.`;

export const SESSIONS_OF_ONE_REPLICA =
  'mcp.sessions.secret is not set, and this looks like one of several replicas: a session lives at the replica that opened it, and others do not find it. Set mcp.sessions.secret to the same value on all of them, route each session to one replica, or set mcp.sessions to false.';
