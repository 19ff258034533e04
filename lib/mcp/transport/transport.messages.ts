/** Sentences for the client. They carry nothing the client did not send. */
export const TransportMessages = {
  hostNotAllowed:
    'Host not allowed: use the public URL of this server, or add the host to mcp.allowedHosts',
  originNotAllowed:
    'Origin not allowed: to let its pages call, add it to mcp.allowedOrigins',
  methodNotAllowed: 'Method not allowed',
  acceptBoth: 'Accept must list application/json and text/event-stream',
  acceptStream: 'Accept must list text/event-stream',
  contentType: 'Content-Type must be application/json',
  charset: 'The charset of the body must be UTF-8',
  contentEncoding: 'Content-Encoding is not supported: send the body as it is',
  bodyTooLarge: 'Request body too large',
  bodyTooSlow: 'The request body did not arrive in time',
  parseError: 'Parse error',
  invalidRequest: 'Invalid Request',
  invalidParams: 'Invalid params',
  methodNotFound: 'Method not found',
  internalError: 'Internal error',
  closed: 'The server is not running',

  unsupportedVersion: (supported: readonly string[]) =>
    `Unsupported protocol version (supported: ${supported.join(', ')})`,

  sessionRequired: 'Mcp-Session-Id header is required',
  sessionNotFound: 'Session not found',
  eventsNotKept:
    'The Last-Event-ID is unknown, or what came after it is no longer kept',
  eventStoreDown: 'Events cannot be read at the moment',
  alreadyInitialized: 'The session is already initialized',
  tooManySessions: 'Too many sessions: end one with DELETE, or try again later',

  batchRevision: (revision: string) =>
    `Batches are not part of revision ${revision}`,
  batchEmpty: 'The batch is empty',
  batchTooLarge: (limit: number) => `The batch has more than ${limit} messages`,
  batchMessage: 'The batch has a message that is not allowed in one',

  requestTimedOut: 'Request timed out',
  toolTimedOut: (milliseconds: number) =>
    `The tool timed out after ${milliseconds} ms`,

  serverClosing: 'The server is closing',
  sessionEnded: 'The session has ended',
  clientCancelled: 'The client cancelled the request',
  clientDisconnected: 'The client disconnected',
  callEnded: 'The call this request belongs to has ended',
  noOpenStream: 'There is no open stream to the client',
  malformedResponse: 'The client answered with a malformed response',
} as const;

/** Sentences for the log. */
export const TransportLogMessages = {
  requestFailed: 'An MCP request could not be handled',
  callFailed: (method: string) => `The MCP method ${method} failed`,
  notSerializable: (method: string) =>
    `The result of the MCP method ${method} cannot be written as JSON`,
  messageDropped: (method: string) =>
    `The message ${method} to the client cannot be written as JSON and was dropped`,
  eventStoreFailed:
    'The store for the events of sessions failed; clients may not get what they missed',
  endedSessionsFailed: (name: string) =>
    `The store of ended sessions cannot be used (${name}); sessions that were ended may live on at other replicas.`,
  sessionNotRestored: 'A session of another replica could not be restored',
  noWayIn:
    'An MCP endpoint without sessions must be stateless. Set stateless to true, or configure sessions.',
} as const;
