import {
  Logger,
  ShutdownSignal,
  type INestApplicationContext,
} from '@nestjs/common';
import type { ServeStdioOptions } from './serve-stdio-options.interface.js';
import { StandardOutput } from './standard-output.js';
import type { StdioConnection } from './stdio-connection.js';
import { StdioServers } from './stdio-servers.js';
import { StdioError } from './stdio.error.js';
import { StdioMessages } from './stdio.messages.js';

const SIGNALS = [
  ShutdownSignal.SIGINT,
  ShutdownSignal.SIGTERM,
  ShutdownSignal.SIGHUP,
];

/**
 * Serves MCP over the standard streams, to the client that started this
 * process. There are no tokens: the process works for whoever started it, and,
 * where grants are concerned, for the user that `KEYCARD_USER_IDENTIFIER` names
 * to the zone.
 *
 * From here on stdout is for the protocol; what else is written there, as by
 * `console.log`, goes to stderr. Boot the application with a
 * {@link StderrLogger}, so that nothing is written before. When the client
 * closes stdin, or on a signal, the application is closed and the process ends.
 *
 * @example
 * ```ts
 * const application = await NestFactory.createApplicationContext(AppModule, {
 *   logger: new StderrLogger(),
 * });
 * await serveStdio(application);
 * ```
 * @returns once clients are answered
 * @throws StdioError without the module, for an unknown zone, or the second time
 * @throws McpDefinitionError when there is no such server
 * @throws ModernEraError when `mcp.eras` wants a package that is not installed
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio
 * @publicApi
 */
export async function serveStdio(
  application: INestApplicationContext,
  options: ServeStdioOptions = {},
): Promise<void> {
  await application.init();
  const servers = serversOf(application);
  const output = StandardOutput.claim();
  let connection: StdioConnection;
  try {
    const streams = { input: process.stdin, output };
    connection = await servers.open(options, streams);
  } catch (error) {
    output.release();
    throw error;
  }
  application.enableShutdownHooks(SIGNALS);
  void connection.departed.then(() => end(application, connection, output));
}

function serversOf(application: INestApplicationContext): StdioServers {
  try {
    return application.get(StdioServers, { strict: false });
  } catch (cause) {
    throw new StdioError(StdioMessages.noModule, { cause });
  }
}

/** Ends the process, whatever else might keep it from ending by itself. */
async function end(
  application: INestApplicationContext,
  connection: StdioConnection,
  output: StandardOutput,
): Promise<void> {
  try {
    // Calls first: what the application closes they may still be using.
    await connection.close();
    await application.close();
  } catch (error) {
    Logger.error(StdioMessages.notClosed, error);
    process.exitCode = 1;
  }
  await output.flush();
  process.exit();
}
