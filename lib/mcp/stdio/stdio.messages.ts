/** Sentences for whoever starts the process. */
export const StdioMessages = {
  noModule:
    'serveStdio() needs an application that imports KeycardModule.forRoot().',
  alreadyServed:
    'This process serves MCP over its standard streams already: there is one stdin, and one client. Start another process.',
  unknownZone: (id: string | undefined) =>
    id === undefined
      ? 'The application has several zones. Say which one this process works in: serveStdio(application, { zoneId }).'
      : `${JSON.stringify(id)} is no zone of this application.`,
  serves: (server: string, subject: string) =>
    `MCP server "${server}" answers on stdin and stdout, on behalf of ${JSON.stringify(subject)}`,
  notClosed: 'The application could not be closed',
} as const;

/** Sentences for the client. */
export const StdioClientMessages = {
  lineTooLong: (limit: number) =>
    `The message is longer than ${limit} bytes, and was not read`,
  idInUse: 'The id belongs to a request that is not answered yet',
  scopeMissing: (scopes: readonly string[]) =>
    `This needs the ${scopes.length === 1 ? 'scope' : 'scopes'} ${scopes.join(' ')}, which this server was not started with.`,
} as const;
