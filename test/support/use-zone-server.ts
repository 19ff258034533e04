import { afterAll, beforeEach } from 'vitest';
import { ZoneServer } from './zone-server.js';

/** One server for all tests of a file; each finds it as it was at first. */
export async function useZoneServer(): Promise<ZoneServer> {
  const zone = await ZoneServer.start();
  beforeEach(() => zone.reset());
  afterAll(() => zone.stop());
  return zone;
}
