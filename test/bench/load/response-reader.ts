/** A response, down to what the load generator checks. */
export interface ReadResponse {
  readonly status: number;
  readonly body: Buffer;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');
const STATUS_START = 'HTTP/1.1 '.length;

/**
 * Reads the responses of one connection, one after another. By hand, because
 * node's own client needs more time for a request than the servers do.
 */
export class ResponseReader {
  private pending: Buffer = Buffer.alloc(0);

  /** The response that is complete with this chunk, if there is one. */
  push(chunk: Buffer): ReadResponse | undefined {
    this.pending =
      this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    const response = parse(this.pending);
    if (response) this.pending = Buffer.alloc(0);
    return response;
  }
}

function parse(bytes: Buffer): ReadResponse | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const status = Number(head.slice(STATUS_START, STATUS_START + 3));
  const bodyStart = headEnd + HEAD_END.length;
  const [, length] = /^content-length: (\d+)/im.exec(head) ?? [];
  if (length === undefined) {
    const body = readChunks(bytes, bodyStart);
    return body && { status, body };
  }
  const bodyEnd = bodyStart + Number(length);
  return bytes.length < bodyEnd
    ? undefined
    : { status, body: bytes.subarray(bodyStart, bodyEnd) };
}

function readChunks(bytes: Buffer, start: number): Buffer | undefined {
  const chunks: Buffer[] = [];
  let at = start;
  for (;;) {
    const sizeEnd = bytes.indexOf(LINE_END, at);
    if (sizeEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, sizeEnd), 16);
    const chunkStart = sizeEnd + LINE_END.length;
    at = chunkStart + size + LINE_END.length;
    if (bytes.length < at) return undefined;
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(chunkStart, chunkStart + size));
  }
}
