import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findFreePort } from './free-port.js';

const COMMAND = 'redis-server';

/**
 * Whether there is a Redis to test with. Where there is none, tests are skipped
 * loudly; in continuous integration they fail.
 */
export function hasRedis(): boolean {
  try {
    execFileSync(COMMAND, ['--version'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    const message = `${COMMAND} is not installed: the shared cache is NOT TESTED`;
    if (process.env['CI']) throw new Error(message, { cause: error });
    process.stderr.write(`\n*** ${message} ***\n\n`);
    return false;
  }
}

/** A real Redis on a free loopback port, which keeps nothing. */
export class RedisServer implements AsyncDisposable {
  private process: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly directory: string,
  ) {}

  static async start(): Promise<RedisServer> {
    const directory = await mkdtemp(join(tmpdir(), 'keycard-redis-'));
    const server = new RedisServer(await findFreePort(), directory);
    await server.resume();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it again on the same port, with nothing in it. */
  async resume(): Promise<void> {
    const { port, directory } = this;
    this.process = spawn(
      COMMAND,
      `--port ${port} --bind 127.0.0.1 --dir ${directory} --appendonly no`
        .split(' ')
        .concat('--save', ''),
      { stdio: 'ignore' },
    );
    for (let attempt = 0; attempt < 200; attempt++) {
      if (await isListening(port)) return;
      await wait(25);
    }
    throw new Error(`${COMMAND} does not listen on port ${port}`);
  }

  /** Answers nobody, and keeps the connections: as slow as can be. */
  freeze(): void {
    this.process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.process?.kill('SIGCONT');
  }

  /** Ends it at once, as an outage does. */
  async kill(): Promise<void> {
    const { process: child } = this;
    this.process = undefined;
    if (!child || child.exitCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.directory, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
