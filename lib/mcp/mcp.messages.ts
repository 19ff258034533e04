export const HANDLER_IN_CONTROLLER = (place: string) =>
  `${place} is declared for MCP in a controller, where its guards would be skipped. Move it to a provider.`;

export const TWO_DECLARATIONS = (place: string) =>
  `${place} has two MCP decorators. Use a method for each.`;

export const INVALID_NAME = (place: string, name: string) =>
  `${place}: ${JSON.stringify(name)} is not a name for MCP. Use 1 to 64 letters, digits, "_", "-" and ".".`;

export const DUPLICATE_ENTRY = (key: string, first: string, second: string) =>
  `Two MCP tools, prompts or resources are named ${JSON.stringify(key)}: ${first} and ${second}. Give one of them another name or URI in its decorator.`;

const TYPE_IMPORT =
  'What is imported with `import type` is not there at run time, and is not injected either: import it without `type`.';

export const NOT_LISTABLE = (place: string) =>
  `${place}: what clients are shown of it cannot be written as JSON. Leave out of title, icons, annotations and _meta what is not JSON.`;

export const UNKNOWN_PARAMETER = (place: string, index: number) =>
  `${place}: parameter ${index + 1} is of no type that can be injected, and there is more than one candidate for the input. Mark the input with @McpInput(). ${TYPE_IMPORT}`;

export const UNKNOWN_INPUT_TYPE = (place: string, decorator: string) =>
  `${place}: what it accepts is not known at run time. Use a class with class-validator decorators, or give a schema with @${decorator}({ input }). ${TYPE_IMPORT}`;

export const NO_DESCRIPTION = (place: string) =>
  `${place} has no description. Tell the model what the tool does with @McpTool({ description }).`;

export const NOT_A_STRING_ARGUMENT = (place: string, name: string) =>
  `${place}: the argument ${JSON.stringify(name)} is an object or a list. Arguments of prompts are strings: take a string, and convert it.`;

export const INVALID_RESOURCE_URI = (place: string, uri: string) =>
  `${place}: ${JSON.stringify(uri)} is not a URI. Give an absolute one, such as notes://index.`;

export const INVALID_URI_TEMPLATE = (place: string, template: string) =>
  `${place}: ${JSON.stringify(template)} is not a URI template that resources can be found by. Begin with a scheme, and give each variable a name of its own and an expression of its own: notes://{user}/{id}.`;

export const INPUT_WITHOUT_VARIABLES = (place: string) =>
  `${place} takes an input, but its URI has no variables. Use a URI template, such as notes://{id}, or remove the parameter.`;

export const NOT_A_TEMPLATE = (place: string) =>
  `${place} belongs to a resource with one URI of its own: there is nothing to list or complete. Use a URI template, such as notes://{id}.`;

export const TWO_LISTS = (place: string) =>
  `${place}: its template has another @McpResourceList() already.`;

export const UNKNOWN_TARGET = (place: string) =>
  `${place} names a method that is not there, or is no resource template or prompt. Give the name of a method of the same class.`;

export const UNKNOWN_ARGUMENT = (
  place: string,
  argument: string,
  known: readonly string[],
) =>
  `${place} completes ${JSON.stringify(argument)}, which is not among the arguments: ${known.join(', ') || 'there are none'}.`;

export const TWO_COMPLETIONS = (place: string, argument: string) =>
  `${place}: ${JSON.stringify(argument)} has another @McpCompletion() already.`;

export const HOST_OF_OTHER_TOKEN = (place: string) =>
  `${place} is declared for MCP, but its provider is a factory or a value under a token that is not its class, and Nest would skip request-scoped guards. Provide the class itself.`;

export const HOST_NEEDS_REQUESTS = (place: string) =>
  `${place} is declared for MCP, and its provider is a factory or a value, but it, or a guard, lives as long as a request. Provide the class itself.`;

export const HOST_SKIPS_ENHANCERS = (
  place: string,
  enhancers: readonly string[],
) =>
  `${place} is declared for MCP, but its provider is a factory or a value, and Nest would skip ${enhancers.join(', ')}. Provide the class itself.`;

export const NOT_A_METHOD = (decorator: string, place: string) =>
  `@${decorator}() on ${place} has no effect there. Put it on a method of an instance, with a name that is a string.`;

export const NOT_A_PARAMETER = (decorator: string, place: string) =>
  `@${decorator}() in ${place} has no effect there. Put it on a parameter of a method of an instance.`;

export const INVALID_SCOPE = (place: string, reason: string) =>
  `${place}: ${reason}`;

export const INVALID_TIMEOUT = (place: string) =>
  `${place}: \`timeout\` must be a number of milliseconds, or 0 for no limit.`;

export const INVALID_AMOUNT = (place: string, option: string) =>
  `${place}: \`${option}\` must be a number that is not below zero, and finite.`;

export const UNKNOWN_TOOL = (name: string) => `Unknown tool: ${name}`;

export const INVALID_TOOL_CALL =
  'tools/call needs a name, and arguments that are an object';

export const UNKNOWN_PROMPT = (name: string) => `Unknown prompt: ${name}`;

export const INVALID_PROMPT_CALL =
  'prompts/get needs a name, and arguments that are strings';

export const UNKNOWN_RESOURCE = 'Resource not found';

export const INVALID_RESOURCE_CALL = 'The request needs a URI';

export const INVALID_COMPLETION =
  'completion/complete needs a ref to a prompt or a resource template, and an argument with a name and a value that are strings';

export const UNKNOWN_CURSOR = 'The cursor is not one of ours';

export const INTERNAL_TOOL_ERROR = (name: string) =>
  `${name} failed because of an internal error.`;

export const TOOL_FAILED = (name: string) => `The MCP tool ${name} failed`;

export const HANDLER_FAILED = (place: string) => `${place} failed`;

export const INTERNAL_ERROR =
  'The request failed because of an internal error.';

export const INVALID_CONTENTS = (place: string) =>
  `${place} returned something that cannot be the contents of a resource`;

export const INVALID_MESSAGES = (place: string) =>
  `${place} returned something that is no message of a prompt. Return a string, messages, or content`;

export const INVALID_SUGGESTIONS = (place: string) =>
  `${place} returned something that is not a list of strings`;

export const INVALID_RESOURCE_LIST = (place: string) =>
  `${place} returned something that is not a list of resources, each with a uri`;

export const UNREADABLE_ERROR = 'What was thrown cannot be read';

export const INVALID_RESULT = (name: string) =>
  `The MCP tool ${name} returned a value that does not match its output schema`;

export const NOT_JSON =
  'A tool returned a value that cannot be written as JSON';

export const SERVED = (
  name: string,
  path: string,
  counts: Readonly<Record<string, number>>,
) => {
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([noun, count]) => `${count} ${noun}${count === 1 ? '' : 's'}`);
  return `MCP server "${name}" at ${path}: ${parts.join(', ') || 'nothing yet'}`;
};

export const CONSENT_LINKS = (
  message: string,
  links: readonly { readonly url: string }[],
) =>
  `${message} Open ${links.map(({ url }) => url).join(' and ')} to allow it, then try again.`;

export const CONSENT_DECLINED = (message: string) =>
  `${message} The user declined.`;

export const SESSIONS_OF_ONE_REPLICA =
  'mcp.sessions.secret is not set, and this looks like one of several replicas: a session lives at the replica that opened it, and others do not find it. Set mcp.sessions.secret to the same value on all of them, route each session to one replica, or set mcp.sessions to false.';

export const BUS_FAILED = (name: string) =>
  `The event bus of MCP servers cannot be used (${name}); clients of other replicas are not told of changes.`;

export const NO_SERVER = (wanted: string, known: readonly string[]) =>
  `There is no one MCP server ${wanted}. Known are: ${known.join(', ') || 'none'}. Ask for it by its path, in onModuleInit or later.`;

export const ENHANCER_BY_CLASS = (
  place: string,
  enhancers: readonly string[],
) =>
  `${place}: Nest would skip ${enhancers.join(', ')}, because it prepares guards, interceptors, pipes and filters by class only when the application starts. Give instances in \`decorators\`.`;

export const SUBSCRIPTION_NEEDS_SESSION =
  'Subscribing to a resource needs a session, and this request came without one';

export const TOO_MANY_SUBSCRIPTIONS = (limit: number) =>
  `Too many subscriptions: at most ${limit} resources`;

export const INVALID_LISTEN_FILTER =
  'subscriptions/listen needs notifications: an object with toolsListChanged, promptsListChanged, resourcesListChanged and resourceSubscriptions, a list of URIs';

export const LISTEN_ID_TOO_LONG =
  'The id of subscriptions/listen is too long: it is repeated with every message';

export const TOO_MANY_LISTENERS = 'Too many subscriptions';
