/** A response, down to what the load generator checks. */
export interface ReadResponse {
  readonly status: number;
  readonly body: Buffer;
}

interface Head {
  readonly status: number;
  /** Where the body begins. */
  readonly length: number;
  /** `undefined` for a body that comes in chunks. */
  readonly bodyLength: number | undefined;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');
const STATUS_START = 'HTTP/1.1 '.length;

/**
 * Reads the responses of one connection, one after another. By hand, because
 * node's own client needs more time for a request than the servers do.
 */
export class ResponseReader {
  private received: Buffer[] = [];
  private size = 0;
  private head: Head | undefined;

  /**
   * The response that is complete with this piece, if there is one. The piece
   * need not stay as it is.
   */
  push(piece: Buffer): ReadResponse | undefined {
    this.size += piece.length;
    // Servers send it in one piece.
    this.head ??= parseHead(piece);
    const { length, bodyLength = 0 } = this.head;
    const response =
      this.size < length + bodyLength
        ? undefined
        : readResponse(this.head, this.joinedWith(piece));
    if (!response) {
      this.received.push(Buffer.from(piece));
      return undefined;
    }
    this.received = [];
    this.size = 0;
    this.head = undefined;
    return response;
  }

  private joinedWith(piece: Buffer): Buffer {
    const { received } = this;
    return received.length === 0 ? piece : Buffer.concat([...received, piece]);
  }
}

function parseHead(bytes: Buffer): Head {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) throw new Error('The head of a response came in pieces.');
  const text = bytes.toString('latin1', 0, end);
  const [, bodyLength] = /^content-length: (\d+)/im.exec(text) ?? [];
  return {
    status: Number(text.slice(STATUS_START, STATUS_START + 3)),
    length: end + HEAD_END.length,
    bodyLength: bodyLength === undefined ? undefined : Number(bodyLength),
  };
}

function readResponse(
  { status, length, bodyLength }: Head,
  bytes: Buffer,
): ReadResponse | undefined {
  if (bodyLength === undefined) {
    const body = readChunks(bytes, length);
    return body && { status, body };
  }
  return { status, body: bytes.subarray(length, length + bodyLength) };
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
