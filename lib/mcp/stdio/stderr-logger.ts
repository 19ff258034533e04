import { ConsoleLogger, type LogLevel } from '@nestjs/common';

/**
 * Nest's logger, on stderr alone. Over stdio, stdout carries the protocol and
 * nothing else.
 *
 * @example
 * ```ts
 * await NestFactory.createApplicationContext(AppModule, {
 *   logger: new StderrLogger(),
 * });
 * ```
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio
 * @publicApi
 */
export class StderrLogger extends ConsoleLogger {
  protected override printMessages(
    messages: unknown[],
    context?: string,
    logLevel?: LogLevel,
    _stream?: 'stdout' | 'stderr',
    errorStack?: unknown,
    params?: Record<string, unknown>,
  ): void {
    super.printMessages(
      messages,
      context,
      logLevel,
      'stderr',
      errorStack,
      params,
    );
  }
}
