import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

/** A body as JSON, or why there is none. */
export type RequestBody =
  { readonly value: unknown } | { readonly failure: 'too-large' | 'not-json' };

const TOO_LARGE: RequestBody = { failure: 'too-large' };
const NOT_JSON: RequestBody = { failure: 'not-json' };

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
  let chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    const wasWithin = size <= limit;
    size += chunk.length;
    if (size <= limit) {
      chunks.push(chunk);
      return;
    }
    chunks = [];
    if (wasWithin) done(TOO_LARGE);
  });
  request.on('end', () => {
    if (size <= limit) done(parse(joined(chunks)));
  });
  // A client that breaks off needs no answer, but the event needs a listener.
  request.on('error', () => {});
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
