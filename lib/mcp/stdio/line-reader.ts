const NEWLINE = 0x0a;

/** Told of each line; `undefined`: it was too long, and is not kept. */
export type LineListener = (line: Buffer | undefined) => void;

/**
 * Cuts a stream of bytes into lines of bounded length. What is too long is
 * left out to its end, so that its rest is never taken for a line.
 */
export class LineReader {
  private pieces: Buffer[] = [];
  private size = 0;

  /** @param limit bytes of a line */
  constructor(
    private readonly limit: number,
    private readonly onLine: LineListener,
  ) {}

  read(chunk: Buffer): void {
    let start = 0;
    let end = chunk.indexOf(NEWLINE);
    while (end >= 0) {
      this.keep(chunk.subarray(start, end));
      this.finish();
      start = end + 1;
      end = chunk.indexOf(NEWLINE, start);
    }
    this.keep(chunk.subarray(start));
  }

  private keep(piece: Buffer): void {
    this.size += piece.length;
    if (this.size > this.limit) this.pieces = [];
    else if (piece.length > 0) this.pieces.push(piece);
  }

  private finish(): void {
    const { pieces } = this;
    const isTooLong = this.size > this.limit;
    this.pieces = [];
    this.size = 0;
    this.onLine(isTooLong ? undefined : Buffer.concat(pieces));
  }
}
