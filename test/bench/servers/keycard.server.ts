import { Injectable, Module, type Type } from '@nestjs/common';
import {
  AccessContext,
  ClientSecret,
  Grant,
  KeycardModule,
  McpTool,
} from 'nestjs-keycard';
import { ADAPTERS } from '../../support/adapters.js';
import { boot } from '../../support/boot.js';
import {
  FORECAST_SCHEMA,
  forecast,
  toolDescription,
  toolName,
  WEATHER_API,
  type ForecastInput,
} from '../forecast.js';
import { ASSISTANT } from '../weather-zone.js';
import { urlOf, type PlacedServer } from './server-spec.js';

/** Our module as it comes: every token verified, every tool with a grant. */
export async function startKeycardServer(server: PlacedServer): Promise<void> {
  const { adapter, port, issuer, toolCount } = server;

  @Module({
    imports: [
      KeycardModule.forRoot({
        zoneUrl: issuer,
        resourceUrl: urlOf(port),
        requiredScopes: 'mcp:tools',
        applicationCredential: new ClientSecret(ASSISTANT),
      }),
    ],
    providers: Array.from({ length: toolCount }, (_, index) =>
      createTool(index),
    ),
  })
  class KeycardModuleUser {}

  const createAdapter = new Map(ADAPTERS).get(adapter)!;
  await boot(KeycardModuleUser, { adapter: createAdapter(), port });
}

function createTool(index: number): Type {
  @Injectable()
  class ForecastTool {
    @McpTool({
      name: toolName(index),
      description: toolDescription(index),
      input: FORECAST_SCHEMA,
    })
    @Grant(WEATHER_API)
    forecast(input: ForecastInput, access: AccessContext) {
      // Throws when there is no token for the API.
      access.access(WEATHER_API);
      return forecast(input);
    }
  }
  return ForecastTool;
}
