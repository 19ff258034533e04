import { Module, type DynamicModule } from '@nestjs/common';
import { ClientSecret, KeycardModule } from 'nestjs-keycard';
import { settings } from '../settings.js';
import { ASSISTANT } from '../zone.js';
import { ApiClient } from './api.client.js';
import { AssistantTools } from './assistant.tools.js';
import { HealthController } from './health.controller.js';

/** The MCP server. */
@Module({})
export class AssistantModule {
  /** @param localZone issuer of the local zone; without it the environment says which zone */
  static register(localZone: string | undefined): DynamicModule {
    return {
      module: AssistantModule,
      imports: [
        KeycardModule.forRoot({
          zoneUrl: localZone,
          // At a zone of your own: KEYCARD_CLIENT_ID and KEYCARD_CLIENT_SECRET.
          applicationCredential: localZone
            ? new ClientSecret(ASSISTANT)
            : undefined,
          resourceUrl: settings.mcpUrl,
          serverName: 'Assistant',
          requiredScopes: settings.requiredScopes,
          // Show create_event to callers without its scope: their client is
          // told which one to ask for when they call it.
          mcp: { listUnauthorized: true },
        }),
      ],
      controllers: [HealthController],
      providers: [ApiClient, AssistantTools],
    };
  }
}
