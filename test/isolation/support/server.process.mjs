// Serves the tools of a test in a process of its own, and tells what it holds.
import { register } from 'node:module';
import { getHeapSpaceStatistics } from 'node:v8';
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
process.on('message', (question) => {
  process.send(question === 'survivors' ? survivors() : report());
});

function report() {
  // Twice: what is freed by the first may have kept something else alive.
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed + external, ...holdingsOf(application) };
}

/** Bytes that only a full garbage collection frees. */
function survivors() {
  globalThis.gc({ type: 'minor' });
  return getHeapSpaceStatistics().find(
    ({ space_name }) => space_name === 'old_space',
  ).space_used_size;
}

process.send('ready');
