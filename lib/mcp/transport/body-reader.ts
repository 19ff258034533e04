import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

export type BodyFailure = 'too-large' | 'too-slow' | 'not-json';

/** A body as JSON, or why there is none. */
export type RequestBody =
  { readonly value: unknown } | { readonly failure: BodyFailure };

const TOO_LARGE: RequestBody = { failure: 'too-large' };
const TOO_SLOW: RequestBody = { failure: 'too-slow' };
const NOT_JSON: RequestBody = { failure: 'not-json' };

/**
 * Milliseconds a body may take. Node has a limit for whole requests, but an
 * adapter may lift it, as Fastify does.
 */
export const BODY_TIMEOUT = 60_000;

/**
 * Reads a body once, whoever comes first: a body parser that ran before leaves
 * its value on the request. Calls back instead of returning a promise because
 * this is on the way of every call.
 */
export function readBody(
  request: IncomingMessage & { readonly body?: unknown },
  limit: number,
  done: (body: RequestBody) => void,
): void {
  if (request.readableEnded) done(parsedBefore(request.body));
  else if (Number(request.headers['content-length']) > limit) done(TOO_LARGE);
  else readStream(request, limit, done);
}

function parsedBefore(body: unknown): RequestBody {
  if (Buffer.isBuffer(body)) return parse(body);
  if (typeof body === 'string') return parse(Buffer.from(body));
  return body === undefined ? NOT_JSON : { value: body };
}

function readStream(
  request: IncomingMessage,
  limit: number,
  done: (body: RequestBody) => void,
): void {
  let chunks: Buffer[] | undefined = [];
  let size = 0;
  const finish = (body: RequestBody) => {
    clearTimeout(deadline);
    chunks = undefined;
    done(body);
  };
  const deadline = setTimeout(() => finish(TOO_SLOW), BODY_TIMEOUT);
  deadline.unref();
  request.on('data', (chunk: Buffer) => {
    if (!chunks) return;
    size += chunk.length;
    if (size > limit) finish(TOO_LARGE);
    else chunks.push(chunk);
  });
  request.on('end', () => {
    if (chunks) finish(parse(joined(chunks)));
  });
  // A client that breaks off needs no answer, but the event needs a listener.
  request.on('error', () => clearTimeout(deadline));
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first ? first : Buffer.concat(chunks);
}

// Decoded in one piece: a character may be split over two chunks.
function parse(bytes: Buffer): RequestBody {
  if (!isUtf8(bytes)) return NOT_JSON;
  try {
    return { value: JSON.parse(bytes.toString('utf8')) };
  } catch {
    return NOT_JSON;
  }
}
