import type { INestApplication, LoggerService, Type } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory, type AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';

/** Everything an application logged, to look for what must not be there. */
export class RecordingLogger implements LoggerService {
  readonly lines: string[] = [];

  log = (...parts: unknown[]) => this.record('log', parts);
  warn = (...parts: unknown[]) => this.record('warn', parts);
  error = (...parts: unknown[]) => this.record('error', parts);
  debug = (...parts: unknown[]) => this.record('debug', parts);
  verbose = (...parts: unknown[]) => this.record('verbose', parts);
  fatal = (...parts: unknown[]) => this.record('fatal', parts);

  get text(): string {
    return this.lines.join('\n');
  }

  private record(level: string, parts: unknown[]): void {
    const texts = parts.map((part) =>
      part instanceof Error ? `${part.stack} ${String(part.cause)}` : part,
    );
    this.lines.push(`${level} ${texts.map(String).join(' ')}`);
  }
}

export interface BootOptions {
  readonly adapter?: AbstractHttpAdapter;
  readonly logger?: LoggerService;
  readonly port?: number;
  /** Runs before the application is initialised, as `main.ts` would. */
  readonly configure?: (application: INestApplication) => void | Promise<void>;
}

/** Starts an application the way `main.ts` does. Boot errors are thrown. */
export async function boot(
  module: Type | DynamicModule,
  options: BootOptions = {},
): Promise<INestApplication> {
  const application = await NestFactory.create(
    module,
    options.adapter ?? new ExpressAdapter(),
    {
      logger: options.logger ?? false,
      abortOnError: false,
      forceCloseConnections: true,
    },
  );
  await options.configure?.(application);
  await application.listen(options.port ?? 0, '127.0.0.1');
  return application;
}
