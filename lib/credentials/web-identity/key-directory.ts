import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Warn } from '../credential-context.interface.js';
import { LEGACY_DIRECTORY } from './web-identity.messages.js';

/** Where keys are kept when nothing else is configured. */
export const KEY_DIRECTORY = './server_keys';

const LEGACY_KEY_DIRECTORY = './mcp_keys';

/**
 * The default directory; the one of old where only that is there, because a
 * change of directory would be a change of identity.
 */
export async function findKeyDirectory(warn: Warn): Promise<string> {
  if (await isDirectory(KEY_DIRECTORY)) return KEY_DIRECTORY;
  if (!(await isDirectory(LEGACY_KEY_DIRECTORY))) return KEY_DIRECTORY;
  warn(LEGACY_DIRECTORY(LEGACY_KEY_DIRECTORY, KEY_DIRECTORY));
  return LEGACY_KEY_DIRECTORY;
}

async function isDirectory(path: string): Promise<boolean> {
  const stats = await stat(resolve(path)).catch(() => undefined);
  return stats?.isDirectory() ?? false;
}
