import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

// One listener per connection: pipelined requests may be many.
const queued = new WeakMap<Socket, Set<() => void>>();

/**
 * Calls back when a response ends or its connection breaks, perhaps twice. A
 * response that is queued behind others of its connection is told nothing by
 * node, so the connection is asked.
 *
 * @returns stops it
 */
export function onConnectionClose(
  response: ServerResponse,
  listener: () => void,
): () => void {
  response.on('close', listener);
  const connection = connectionOf(response);
  if (response.socket || !connection) {
    return () => response.off('close', listener);
  }
  const listeners = listenersOf(connection);
  const stop = () => {
    response.off('close', listener);
    response.off('close', stop);
    listeners.delete(listener);
  };
  listeners.add(listener);
  response.on('close', stop);
  return stop;
}

/** Whether there is nobody to answer any more. */
export function isGone(response: ServerResponse): boolean {
  return response.destroyed || connectionOf(response)?.destroyed === true;
}

// A response that is not node's own, in a test without a server, has none.
function connectionOf(response: Partial<ServerResponse>): Socket | undefined {
  return response.req?.socket;
}

function listenersOf(socket: Socket): Set<() => void> {
  let listeners = queued.get(socket);
  if (!listeners) {
    const all = new Set<() => void>();
    socket.once('close', () => all.forEach((listener) => listener()));
    queued.set(socket, all);
    listeners = all;
  }
  return listeners;
}
