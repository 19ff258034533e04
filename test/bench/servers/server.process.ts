import 'reflect-metadata';
import { startBareServer } from './bare.server.js';
import { startKeycardServer } from './keycard.server.js';
import { startPeerServer } from './peer.server.js';
import type {
  PlacedServer,
  ServerQuestion,
  ServerReport,
} from './server-spec.js';

const ANSWERS: Record<ServerQuestion, () => number> = {
  processor: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  heap: () => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  },
};

const server = JSON.parse(process.argv[2]!) as PlacedServer;
if (server.kind === 'bare') await startBareServer(server.port);
else if (server.kind === 'peer') await startPeerServer(server);
else await startKeycardServer(server);

const report = (value: number) =>
  process.send!({ value } satisfies ServerReport);
process.on('message', (question: ServerQuestion) => {
  report(ANSWERS[question]());
});
// The parent is done, or gone. A normal exit writes the profile.
process.on('disconnect', () => process.exit(0));
report(0);
