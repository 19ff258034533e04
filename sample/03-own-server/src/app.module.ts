import { Module, type DynamicModule } from '@nestjs/common';
import { ClientSecret, KeycardModule } from 'nestjs-keycard';
import { McpController } from './mcp.controller.js';
import { NotesController } from './notes.controller.js';
import { NotesServer } from './notes.server.js';
import { settings } from './settings.js';
import { CLIENT } from './zone.js';

@Module({})
export class AppModule {
  /** @param localZone issuer of the local zone; without it the environment says which zone */
  static register(localZone: string | undefined): DynamicModule {
    return {
      module: AppModule,
      imports: [
        KeycardModule.forRoot({
          zoneUrl: localZone,
          applicationCredential: localZone
            ? new ClientSecret(CLIENT)
            : undefined,
          // The endpoint below is ours: the module serves none.
          resourceUrl: settings.mcpUrl,
          mcp: false,
          serverName: 'Notes assistant',
          requiredScopes: 'notes:read',
          scopesSupported: 'notes:write',
        }),
        KeycardModule.forFeature({
          resourceUrl: settings.notesUrl,
          name: 'Notes',
        }),
      ],
      controllers: [McpController, NotesController],
      providers: [NotesServer],
    };
  }
}
