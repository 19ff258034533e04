import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import { JsonRpcErrorCode } from '../json-rpc.error.js';
import {
  classifyMessage,
  requestIdOf,
  type ClassifiedMessage,
} from '../transport/message-classifier.js';
import { MAX_BACKLOG } from '../transport/transport.constants.js';
import type { RequestId } from '../transport/transport.interfaces.js';
import { TransportMessages } from '../transport/transport.messages.js';
import { LineReader } from './line-reader.js';
import type { StandardOutput } from './standard-output.js';
import { StdioClientMessages } from './stdio.messages.js';

/** A message of the client, checked for shape. */
export type SoundMessage = Exclude<ClassifiedMessage, { kind: 'invalid' }>;

/** Where messages come from, and go to. */
export interface StdioStreams {
  readonly input: Readable;
  readonly output: StandardOutput;
}

/**
 * Messages as lines. What is none is answered, and left out: a client must not
 * wait for an answer that cannot come. One that does not read what it is sent
 * is not read either.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio
 */
export class StdioWire {
  private readonly lines: LineReader;
  private receiver: ((message: SoundMessage) => void) | undefined;
  private closeListener: (() => void) | undefined;
  private drain: Promise<void> | undefined;
  private isClosed = false;

  /** @param limit bytes of a message */
  constructor(
    private readonly streams: StdioStreams,
    private readonly limit: number,
  ) {
    this.lines = new LineReader(limit, (line) => this.take(line));
  }

  get isOpen(): boolean {
    return !this.isClosed;
  }

  /** Bytes the client has not taken yet. */
  get backlog(): number {
    return this.streams.output.stream.writableLength;
  }

  /** Who gets the messages from here on. */
  deliverTo(receiver: (message: SoundMessage) => void): void {
    this.receiver = receiver;
  }

  /** Told when nothing more is read. */
  whenClosed(listener: () => void): void {
    this.closeListener = listener;
  }

  start(): void {
    const { input, output } = this.streams;
    input.on('data', this.read).on('end', this.close).on('close', this.close);
    input.on('error', this.close);
    output.stream.on('error', this.close);
    if (input.readableEnded || input.destroyed) setImmediate(this.close);
  }

  /** Sends one message. A promise: wait before sending more. */
  write(message: string): Promise<void> | undefined {
    const { input, output } = this.streams;
    if (output.stream.destroyed) return undefined;
    if (output.write(`${message}\n`)) return undefined;
    if (this.backlog > MAX_BACKLOG) input.pause();
    this.drain ??= this.drained();
    return this.drain;
  }

  /** Answers a request that nobody else does, or what is none. */
  refuse(
    id: RequestId | null,
    error: { code: number; message: string; data?: unknown },
  ): void {
    void this.write(JSON.stringify({ jsonrpc: '2.0', id, error }));
  }

  /** Reads nothing more. What is written still goes out. */
  readonly close = (): void => {
    if (this.isClosed) return;
    this.isClosed = true;
    this.streams.input.off('data', this.read).pause();
    this.closeListener?.();
  };

  /** Settles when all that was written is on its way. */
  async flush(): Promise<void> {
    await this.streams.output.flush();
  }

  private readonly read = (chunk: Buffer): void => this.lines.read(chunk);

  private take(line: Buffer | undefined): void {
    if (!line) {
      const code = JsonRpcErrorCode.InvalidRequest;
      const message = StdioClientMessages.lineTooLong(this.limit);
      this.refuse(null, { code, message });
      return;
    }
    const value = parse(line);
    if (value === undefined) {
      if (isBlank(line)) return;
      const code = JsonRpcErrorCode.ParseError;
      this.refuse(null, { code, message: TransportMessages.parseError });
      return;
    }
    const message = classifyMessage(value);
    // The SDKs drop what their schema does not know without an answer.
    const { success } = JSONRPCMessageSchema.safeParse(value);
    if (success && message.kind !== 'invalid') {
      this.receiver?.(message);
      return;
    }
    const code = JsonRpcErrorCode.InvalidRequest;
    const text = TransportMessages.invalidRequest;
    this.refuse(requestIdOf(value), { code, message: text });
  }

  private async drained(): Promise<void> {
    const { input, output } = this.streams;
    await output.flush();
    this.drain = undefined;
    if (this.isOpen) input.resume();
  }
}

/** `undefined`: it is not JSON, which has no such value. */
function parse(line: Buffer): unknown {
  if (!isUtf8(line)) return undefined;
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return undefined;
  }
}

function isBlank(line: Buffer): boolean {
  return line.toString('latin1').trim() === '';
}
