import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { LocalZone } from 'nestjs-keycard/local-zone';
import { ApisModule } from './apis/apis.module.js';
import { CallJournal } from './apis/call.journal.js';
import { AssistantModule } from './assistant/assistant.module.js';
import { settings } from './settings.js';
import { startLocalZone } from './zone.js';

const LOG_LEVELS = ['warn', 'error', 'fatal'] as const;

/** Everything that runs, until it is stopped. */
export interface RunningSystem {
  /** The local zone; absent when a zone of your own is used. */
  readonly zone: LocalZone | undefined;
  /** What the built-in APIs saw; absent when APIs of your own are used. */
  readonly journal: CallJournal | undefined;
  stop(): Promise<void>;
}

/** Starts the zone, the APIs and the MCP server, in this order. */
export async function startSystem(): Promise<RunningSystem> {
  const zone = settings.zoneUrl ? undefined : await startLocalZone();
  const apis = usesBuiltInApis()
    ? await startApis(settings.zoneUrl ?? zone!.issuer)
    : undefined;
  const assistant = await NestFactory.create(
    AssistantModule.register(zone?.issuer),
    { logger: [...LOG_LEVELS] },
  );
  await assistant.listen(settings.port);
  return {
    zone,
    journal: apis?.get(CallJournal),
    stop: async () => {
      await assistant.close();
      await apis?.close();
      await zone?.stop();
    },
  };
}

/** Whether any of the two APIs is ours to run. */
export function usesBuiltInApis(): boolean {
  const builtIn = `http://localhost:${settings.apiPort}/`;
  return [settings.calendarUrl, settings.mailUrl].some((url) =>
    url.startsWith(builtIn),
  );
}

async function startApis(zoneUrl: string): Promise<INestApplication> {
  const apis = await NestFactory.create(ApisModule.register(zoneUrl), {
    logger: [...LOG_LEVELS],
  });
  await apis.listen(settings.apiPort);
  return apis;
}
