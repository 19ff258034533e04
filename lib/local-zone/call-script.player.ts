import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { ScriptedAnswer } from './call-script.js';

/** Plays a scripted answer and says whether that was all. */
export async function playScript(
  response: ServerResponse,
  { status, delay = 0, body, contentType, headers }: ScriptedAnswer,
): Promise<boolean> {
  if (delay > 0) {
    await wait(delay, undefined, { ref: false });
  }
  if (status === undefined) {
    return false;
  }
  response.writeHead(status, {
    'content-type': contentType ?? 'application/json',
    ...headers,
  });
  const content = body ?? { error: 'server_error' };
  response.end(typeof content === 'string' ? content : JSON.stringify(content));
  return true;
}
