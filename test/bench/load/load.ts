import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ResponseReader, type ReadResponse } from './response-reader.js';
import { UnexpectedAnswerError } from './unexpected-answer.error.js';

/** A request to send again and again. */
export interface LoadTarget {
  readonly port: number;
  readonly request: Buffer;
  /** The body that every answer has to have. */
  readonly expected: Buffer;
}

/** What was answered, and in which time. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
}

const CONNECTIONS = 10;
/** Milliseconds that an answer may take. */
const PATIENCE = 10_000;

/**
 * Keeps a server busy: one request at a time on each of ten connections.
 *
 * @throws Error for the first answer that is not the expected one
 */
export async function applyLoad(
  target: LoadTarget,
  milliseconds: number,
): Promise<LoadResult> {
  const sockets = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => open(target.port)),
  );
  const begun = performance.now();
  const counts = await Promise.all(
    sockets.map((socket) => repeat(socket, target, begun + milliseconds)),
  );
  const seconds = (performance.now() - begun) / 1000;
  for (const socket of sockets) socket.destroy();
  return { requests: counts.reduce((sum, count) => sum + count), seconds };
}

/** Sends one request, on a connection of its own. */
export async function sendOnce(
  port: number,
  request: Buffer,
): Promise<ReadResponse> {
  const socket = await open(port);
  try {
    return await new Promise((resolve, reject) => {
      onResponses(socket, resolve, reject);
      socket.write(request);
    });
  } finally {
    socket.destroy();
  }
}

function repeat(
  socket: Socket,
  { request, expected }: LoadTarget,
  deadline: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    let count = 0;
    const receive = ({ status, body }: ReadResponse) => {
      if (status !== 200 || !body.equals(expected)) {
        reject(new UnexpectedAnswerError(status, body));
        return;
      }
      count += 1;
      if (performance.now() < deadline) socket.write(request);
      else resolve(count);
    };
    onResponses(socket, receive, reject);
    socket.write(request);
  });
}

function onResponses(
  socket: Socket,
  receive: (response: ReadResponse) => void,
  fail: (error: Error) => void,
): void {
  const reader = new ResponseReader();
  socket.on('data', (chunk) => {
    const response = reader.push(chunk);
    if (response) receive(response);
  });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('The connection was closed.')));
  socket.setTimeout(PATIENCE, () =>
    socket.destroy(new Error('No answer came in time.')),
  );
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}
