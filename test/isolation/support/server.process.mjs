// Serves the tools of a test in a process of its own, and tells what it holds.
import { register } from 'node:module';
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';

register('../../support/typescript.hooks.mjs', import.meta.url);
const { ClientSecret, KeycardModule } = await import('../../../lib/index.ts');
const { AskingToolsModule } = await import('./asking-tools.ts');
const { holdingsOf } = await import('./holdings.ts');

const [, , settings] = process.argv;
const { port, credential, ...options } = JSON.parse(settings);

class ServerModule {}

const application = await NestFactory.create(
  {
    module: ServerModule,
    imports: [
      AskingToolsModule,
      KeycardModule.forRoot({
        ...options,
        applicationCredential: new ClientSecret(credential),
      }),
    ],
  },
  { logger: false, forceCloseConnections: true },
);
await application.listen(port, '127.0.0.1');

process.on('unhandledRejection', (reason) => {
  process.send({ failure: String(reason) });
});
process.on('message', () => {
  // Twice: what is freed by the first may have kept something else alive.
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  process.send({ heap: heapUsed + external, ...holdingsOf(application) });
});
process.send('ready');
