export const TOOL_IN_CONTROLLER = (place: string) =>
  `${place} declares an MCP tool in a controller, where its guards would be skipped. Move it to a provider.`;

export const INVALID_TOOL_NAME = (place: string, name: string) =>
  `${place}: ${JSON.stringify(name)} is not a tool name. Use 1 to 64 letters, digits, "_", "-" and ".".`;

export const DUPLICATE_TOOL = (name: string, first: string, second: string) =>
  `Two MCP tools are named ${JSON.stringify(name)}: ${first} and ${second}. Give one of them another name with @McpTool({ name }).`;

export const UNKNOWN_PARAMETER = (place: string, index: number) =>
  `${place}: parameter ${index + 1} is of no type that can be injected, and there is more than one candidate for the tool's input. Mark the input with @ToolInput().`;

export const UNKNOWN_INPUT_TYPE = (place: string) =>
  `${place}: the type of its input is not known at run time. Use a class with class-validator decorators, or give a schema with @McpTool({ input }).`;

export const GRANT_WITHOUT_ACCESS = (place: string) =>
  `${place} declares @Grant(), but has no parameter to receive the outcome. Add a parameter of type AccessContext.`;

export const GRANT_WITHOUT_CREDENTIAL = (place: string) =>
  `${place} declares @Grant(), but the application has no credential to exchange tokens with. Set \`applicationCredential\`, or KEYCARD_CLIENT_ID and KEYCARD_CLIENT_SECRET.`;

export const HOST_WITHOUT_GUARDS = (place: string) =>
  `${place} declares an MCP tool, but Nest does not know the class of its provider and would skip guards bound to it. Provide the class itself.`;

export const UNKNOWN_TOOL = (name: string) => `Unknown tool: ${name}`;

export const INVALID_TOOL_CALL =
  'tools/call needs a name, and arguments that are an object';

export const UNKNOWN_CURSOR = 'The cursor is not one of ours';

export const INTERNAL_TOOL_ERROR = (name: string) =>
  `${name} failed because of an internal error.`;

export const TOOL_FAILED = (name: string) => `The MCP tool ${name} failed`;

export const INVALID_RESULT = (name: string) =>
  `The MCP tool ${name} returned a value that does not match its output schema`;

export const SERVED = (name: string, path: string, tools: number) =>
  `MCP server "${name}" at ${path}: ${tools} ${tools === 1 ? 'tool' : 'tools'}, protocol 2025-11-25 and older`;

export const AUTHENTICATION_FAILED =
  'A request could not be authenticated because of an internal error';
