import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Payload } from '@nestjs/microservices';
import {
  McpController,
  McpStrategy,
  StreamableHttpTransport,
  Tool,
} from '@rekog/mcp-nest';
import { ADAPTERS } from '../../support/adapters.js';
import {
  FORECAST_SCHEMA,
  forecast,
  toolDescription,
  toolName,
  type ForecastInput,
} from '../forecast.js';
import type { PlacedServer } from './server-spec.js';

/** The module of others as fast as it gets: no callers, no sessions, no streams. */
export async function startPeerServer(server: PlacedServer): Promise<void> {
  const { adapter, port, toolCount } = server;
  const strategy = new McpStrategy({
    name: 'peer',
    version: '1.0.0',
    logging: false,
    transports: [
      new StreamableHttpTransport({
        statefulMode: false,
        enableJsonResponse: true,
      }),
    ],
  });

  @Module({
    controllers: Array.from({ length: toolCount }, (_, index) =>
      createTool(index),
    ),
  })
  class PeerModuleUser {}

  const createAdapter = new Map(ADAPTERS).get(adapter)!;
  const application = await NestFactory.create(
    PeerModuleUser,
    createAdapter(),
    { logger: false, abortOnError: false },
  );
  strategy.setHttpAdapter(application.getHttpAdapter());
  application.connectMicroservice({ strategy });
  await application.startAllMicroservices();
  await application.listen(port, '127.0.0.1');
}

function createTool(index: number): Type {
  @McpController()
  class ForecastTool {
    @Tool({
      name: toolName(index),
      description: toolDescription(index),
      parameters: FORECAST_SCHEMA,
    })
    forecast(@Payload() input: ForecastInput) {
      return forecast(input);
    }
  }
  return ForecastTool;
}
