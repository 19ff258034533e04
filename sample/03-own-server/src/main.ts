import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { settings } from './settings.js';
import { startZone } from './zone.js';

const zone = settings.zoneUrl ? undefined : await startZone();
const app = await NestFactory.create(AppModule.register(zone?.issuer));
app.enableShutdownHooks();
await app.listen(settings.port);
console.log(`MCP server at ${settings.mcpUrl}`);
