// Prepares a WebIdentity at the moment it is told to, and prints its keys.
import { once } from 'node:events';
import { register } from 'node:module';

register('../../support/typescript.hooks.mjs', import.meta.url);
const { WebIdentity } =
  await import('../../../lib/credentials/web-identity/web-identity.credential.ts');
const [, , keyId, storageDirectory] = process.argv;
const credential = new WebIdentity({ keyId, storageDirectory });
process.send('ready');
await once(process, 'message');
await credential.prepare();
process.send(credential.publicKeys());
process.disconnect();
