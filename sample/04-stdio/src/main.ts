import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { serveStdio, StderrLogger } from 'nestjs-keycard';
import { AppModule } from './app.module.js';

const application = await NestFactory.createApplicationContext(AppModule, {
  logger: new StderrLogger(),
});
await serveStdio(application);
