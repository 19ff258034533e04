import { IncomingMessage } from 'node:http';

const MAX_BYTES = 64 * 1024;

/** The request has more bytes than the zone reads. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

/** Reads the body of a request, up to 64 KiB. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) {
      throw new BodyTooLargeError();
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The members of a form body; `undefined` for any other body. */
export function parseForm(
  request: IncomingMessage,
  body: Buffer,
): URLSearchParams | undefined {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded')) {
    return undefined;
  }
  return new URLSearchParams(body.toString());
}

/**
 * Copies a request whose body was read, so that the engine can read it again
 * as a stream. The Host becomes the issuer's: the engine builds the URLs in
 * its metadata from it.
 */
export function replayRequest(
  request: IncomingMessage,
  host: string,
  body: Buffer,
): IncomingMessage {
  const replay = new IncomingMessage(request.socket);
  replay.method = request.method;
  replay.url = request.url;
  replay.httpVersion = request.httpVersion;
  replay.httpVersionMajor = request.httpVersionMajor;
  replay.httpVersionMinor = request.httpVersionMinor;
  replay.headers = { ...request.headers, host };
  if (body.length > 0) {
    replay.headers['content-length'] = String(body.length);
    delete replay.headers['transfer-encoding'];
    replay.push(body);
  }
  replay.push(null);
  replay.complete = true;
  return replay;
}
