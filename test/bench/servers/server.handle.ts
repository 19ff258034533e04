import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type {
  PlacedServer,
  ServerQuestion,
  ServerReport,
} from './server-spec.js';

const PROGRAM = fileURLToPath(new URL('server.process.js', import.meta.url));

/** A server in a process of its own, so that its processor time is its own. */
export class ServerHandle {
  private constructor(private readonly child: ChildProcess) {}

  /** @throws Error when it does not come up */
  static async start(
    server: PlacedServer,
    nodeOptions: readonly string[],
  ): Promise<ServerHandle> {
    const child = fork(PROGRAM, [JSON.stringify(server)], {
      execArgv: ['--expose-gc', ...nodeOptions],
    });
    await nextReport(child);
    return new ServerHandle(child);
  }

  /** Microseconds of processor time that it used so far. */
  get processorTime(): Promise<number> {
    return this.ask('processor');
  }

  /** Bytes that are in use after a garbage collection. */
  get heap(): Promise<number> {
    return this.ask('heap');
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.disconnect();
    await exited;
  }

  private ask(question: ServerQuestion): Promise<number> {
    const report = nextReport(this.child);
    this.child.send(question);
    return report;
  }
}

function nextReport(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (code: number | null) =>
      reject(new Error(`A server process ended with code ${code}.`));
    child.once('exit', fail);
    child.once('message', ({ value }: ServerReport) => {
      child.off('exit', fail);
      resolve(value);
    });
  });
}
