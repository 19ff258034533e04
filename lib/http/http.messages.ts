export const ROUTE_TAKEN = (path: string) =>
  `Two endpoints are configured at ${path}. Give each MCP server and each protected resource a path of its own.`;

export const ROUTE_FAILED = 'A request could not be answered';

export const SERVER_ERROR =
  'The server could not answer because of an internal error.';

export const ORIGIN_NOT_ALLOWED =
  'Pages of this origin may not call this server.';

export const UNKNOWN_ADAPTER = (type: string) =>
  `nestjs-keycard serves its endpoints on @nestjs/platform-express and @nestjs/platform-fastify; this application uses "${type}".`;

export const AUTHENTICATION_FAILED =
  'A request could not be authenticated because of an internal error';
