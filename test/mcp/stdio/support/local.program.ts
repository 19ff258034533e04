import 'reflect-metadata';
import { Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { KeycardModule, serveStdio, StderrLogger } from 'nestjs-keycard';
import { TOOLS } from './tools.js';

/** What a test makes of the program. */
export interface ProgramSettings {
  readonly module?: object;
  readonly options?: object;
  /** Serves a second time, and says what comes of it. */
  readonly twice?: boolean;
}

const settings = JSON.parse(process.env['SETTINGS'] ?? '{}') as ProgramSettings;

@Injectable()
class Farewell implements OnModuleDestroy {
  onModuleDestroy() {
    process.stderr.write('the application was closed\n');
  }
}

@Module({
  imports: [KeycardModule.forRoot(settings.module ?? {})],
  providers: [...TOOLS, Farewell],
})
class AppModule {}

const application = await NestFactory.createApplicationContext(AppModule, {
  logger: new StderrLogger({ colors: false }),
});
await serveStdio(application, settings.options);
if (settings.twice) {
  await serveStdio(application).catch((error: unknown) =>
    process.stderr.write(`again: ${String(error)}\n`),
  );
}
// Whatever an application keeps open must not keep the process alive.
setInterval(() => {}, 60_000);
