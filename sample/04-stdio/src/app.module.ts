import { Module } from '@nestjs/common';
import { ClientSecret, KeycardModule } from 'nestjs-keycard';
import { LocalTools } from './local.tools.js';
import { CLIENT, MCP, startZone } from './zone.js';

@Module({
  imports: [
    KeycardModule.forRootAsync({
      useFactory: async () => {
        const settings = { resourceUrl: MCP, serverName: 'Local' };
        // With a zone of your own, its credential comes from the environment.
        if (process.env.KEYCARD_ZONE_URL) return settings;
        const { clientId, clientSecret } = CLIENT;
        return {
          ...settings,
          zoneUrl: await startZone(),
          applicationCredential: new ClientSecret(clientId, clientSecret),
        };
      },
    }),
  ],
  providers: [LocalTools],
})
export class AppModule {}
