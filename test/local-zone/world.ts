import { LocalZone, type LocalZoneOptions } from 'nestjs-keycard/local-zone';
import { declareWorld } from './declaration.js';
import { KeyServer } from './key-server.js';
import { ZoneApi } from './zone-api.js';

export * from './declaration.js';
export * from './zone-api.js';

export interface World {
  readonly zone: LocalZone;
  readonly keys: KeyServer;
  readonly api: ZoneApi;
  readonly problems: Error[];
  close(): Promise<void>;
}

export async function startWorld(options?: LocalZoneOptions): Promise<World> {
  const keys = await KeyServer.start();
  const zone = await LocalZone.start(declareWorld(keys), options);
  const problems: Error[] = [];
  zone.on('problem', (problem) => problems.push(problem));
  const close = async () => {
    await zone.stop();
    await keys.close();
  };
  return { zone, keys, api: await ZoneApi.discover(zone), problems, close };
}
