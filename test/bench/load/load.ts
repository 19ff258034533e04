import { Connection } from './connection.js';
import type { ReadResponse } from './response-reader.js';
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

/**
 * Keeps a server busy: one request at a time on each of ten connections.
 *
 * @throws Error for the first answer that is not the expected one
 */
export async function applyLoad(
  target: LoadTarget,
  milliseconds: number,
): Promise<LoadResult> {
  const connections = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => Connection.open(target.port)),
  );
  const begun = performance.now();
  const deadline = begun + milliseconds;
  const counts = await Promise.all(
    connections.map((connection) => repeat(connection, target, deadline)),
  );
  const seconds = (performance.now() - begun) / 1000;
  for (const connection of connections) connection.close();
  return { requests: counts.reduce((sum, count) => sum + count), seconds };
}

/** Sends one request, on a connection of its own. */
export async function sendOnce(
  port: number,
  request: Buffer,
): Promise<ReadResponse> {
  const connection = await Connection.open(port);
  try {
    return await new Promise((resolve, reject) => {
      connection.listen(resolve, reject);
      connection.send(request);
    });
  } finally {
    connection.close();
  }
}

function repeat(
  connection: Connection,
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
      if (performance.now() < deadline) connection.send(request);
      else resolve(count);
    };
    connection.listen(receive, reject);
    connection.send(request);
  });
}
