import { Module } from '@nestjs/common';
import { KeycardModule } from 'nestjs-keycard';
import { HelloTools } from './hello.tools.js';
import { startZone } from './zone.js';

@Module({
  imports: [
    KeycardModule.forRootAsync({
      useFactory: async () => ({
        zoneUrl: process.env.KEYCARD_ZONE_URL ?? (await startZone()),
        resourceUrl: process.env.MCP_SERVER_URL ?? 'http://localhost:8000/mcp',
        serverName: 'Hello',
      }),
    }),
  ],
  providers: [HelloTools],
})
export class AppModule {}
