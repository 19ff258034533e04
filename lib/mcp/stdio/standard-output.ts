import { StdioError } from './stdio.error.js';
import { StdioMessages } from './stdio.messages.js';

let isClaimed = false;

/**
 * The standard output of the process, as a place for the protocol alone. What
 * others write there meanwhile (`console.log`, a logger) goes to stderr. What
 * goes around `process.stdout`, such as a native module, is out of reach.
 */
export class StandardOutput {
  private readonly original: (...args: unknown[]) => boolean;

  private constructor(readonly stream: typeof process.stdout) {
    this.original = Reflect.get(stream, 'write') as typeof this.original;
    const { stderr } = process;
    stream.write = stderr.write.bind(stderr);
  }

  /** @throws StdioError when it is in use */
  static claim(): StandardOutput {
    if (isClaimed) throw new StdioError(StdioMessages.alreadyServed);
    isClaimed = true;
    return new StandardOutput(process.stdout);
  }

  /** `false`: wait until it is flushed before writing more. */
  write(text: string): boolean {
    return Reflect.apply(this.original, this.stream, [text]);
  }

  /** Settles when all that was written is on its way. */
  async flush(): Promise<void> {
    if (this.stream.destroyed) return;
    await new Promise<void>((resolve) => {
      Reflect.apply(this.original, this.stream, ['', () => resolve()]);
    });
  }

  /** Gives it back, where serving came to nothing. */
  release(): void {
    Object.assign(this.stream, { write: this.original });
    isClaimed = false;
  }
}
