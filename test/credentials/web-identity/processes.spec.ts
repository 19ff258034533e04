import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JSONWebKeySet } from 'jose';
import { describe, expect, it } from 'vitest';
import { WebIdentity } from '../../../lib/credentials/web-identity/web-identity.credential.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const SCRIPT = fileURLToPath(
  new URL('../support/web-identity.process.mjs', import.meta.url),
);

async function nextMessage(process: ReturnType<typeof fork>): Promise<unknown> {
  const [message] = (await Promise.race([
    once(process, 'message'),
    once(process, 'exit').then(() => {
      throw new Error('the process ended early');
    }),
  ])) as unknown[];
  return message;
}

describe('processes that start at once', () => {
  it('have one key', async () => {
    const directory = join(await temporaryDirectory(), 'keys');
    const processes = [1, 2, 3].map(() =>
      fork(SCRIPT, ['app', directory], { execArgv: [] }),
    );
    try {
      await Promise.all(processes.map(nextMessage));
      const answers = processes.map(nextMessage);
      for (const process of processes) process.send('go');
      const sets = (await Promise.all(answers)) as JSONWebKeySet[];
      expect(sets[0]!.keys).toHaveLength(1);
      for (const set of sets) expect(set).toEqual(sets[0]);
      expect((await readdir(directory)).sort()).toEqual([
        'app.json',
        'app.pem',
      ]);
      const later = new WebIdentity({
        keyId: 'app',
        storageDirectory: directory,
      });
      await later.prepare();
      expect(later.publicKeys()).toEqual(sets[0]);
    } finally {
      for (const process of processes) process.kill();
    }
  });
});
