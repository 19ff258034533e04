import type { ServerResponse } from 'node:http';
import { isGone, onConnectionClose } from './connection-close.js';
import { STALL_TIMEOUT } from './transport.constants.js';

// One wait for all who write: listeners of their own would pile up.
const waiting = new WeakMap<ServerResponse, Promise<void>>();

/**
 * Settles when a slow client has room again, has taken all there is, or is
 * gone. One that takes nothing at all is given up: what it was sent would stay
 * in memory for as long as it likes.
 *
 * @param stallTimeout milliseconds without a byte taken
 */
export async function drained(
  response: ServerResponse,
  stallTimeout: number = STALL_TIMEOUT,
): Promise<void> {
  if (isGone(response)) return;
  let drain = waiting.get(response);
  if (!drain) {
    drain = waitFor(response, stallTimeout);
    waiting.set(response, drain);
  }
  await drain;
}

/** Ends a response, and watches that its client takes what is left. */
export function endAndDrain(response: ServerResponse, last?: string): void {
  response.end(last);
  if (response.writableLength > 0) void drained(response);
}

function waitFor(
  response: ServerResponse,
  stallTimeout: number,
): Promise<void> {
  // Queued behind others of its connection, it is they who are watched.
  const { socket } = response;
  const former = socket?.timeout ?? 0;
  return new Promise((resolve) => {
    const giveUp = () => response.destroy();
    const done = () => {
      waiting.delete(response);
      stopWatching();
      response.off('drain', done);
      response.off('finish', done);
      socket?.off('timeout', giveUp);
      // Later requests of the connection have limits of their own.
      if (socket?.timeout === stallTimeout) socket.setTimeout(former);
      resolve();
    };
    const stopWatching = onConnectionClose(response, done);
    response.on('drain', done);
    response.on('finish', done);
    socket?.on('timeout', giveUp);
    socket?.setTimeout(stallTimeout);
  });
}
