export const ROUTE_TAKEN = (path: string) =>
  `Two endpoints are configured at ${path}. Give each MCP server and each protected resource a path of its own.`;

export const ROUTE_FAILED = 'A request could not be answered';

export const UNKNOWN_ADAPTER = (type: string) =>
  `nestjs-keycard serves its endpoints on @nestjs/platform-express and @nestjs/platform-fastify; this application uses "${type}".`;
