import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { vi } from 'vitest';
import { commandOf, type Launch } from './clients.js';

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The program, spoken to in bytes. */
export class ProgramProcess implements AsyncDisposable {
  stdout = '';
  stderr = '';
  private readonly ended: Promise<Ending>;

  private constructor(readonly child: ChildProcessWithoutNullStreams) {
    child.stdout.on('data', (chunk) => (this.stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (this.stderr += String(chunk)));
    // What is written to a process that is gone is lost on purpose.
    child.stdin.on('error', () => {});
    this.ended = once(child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
    }));
  }

  static start(launch: Launch): ProgramProcess {
    const { command, args, env } = commandOf(launch);
    return new ProgramProcess(spawn(command, args, { env, stdio: 'pipe' }));
  }

  /** What it said, message by message. Throws for what is no JSON. */
  get messages(): readonly any[] {
    const lines = this.stdout.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as unknown);
  }

  write(line: string | Buffer): void {
    this.child.stdin.write(line);
    this.child.stdin.write('\n');
  }

  send(message: object): void {
    this.write(JSON.stringify({ jsonrpc: '2.0', ...message }));
  }

  call(id: number, tool: string, params: object = {}): void {
    const named = { name: tool, arguments: {}, ...params };
    this.send({ id, method: 'tools/call', params: named });
  }

  /** The answer to a request. */
  async answerTo(id: number | string | null): Promise<any> {
    return vi.waitFor(
      () => {
        const answer = this.messages.find(
          (one) => one.id === id && !('method' in one),
        );
        if (!answer) throw new Error(`no answer to ${id}: ${this.stderr}`);
        return answer;
      },
      { timeout: 20_000, interval: 20 },
    );
  }

  async initialize(): Promise<void> {
    this.send({
      id: 'init',
      method: 'initialize',
      params: {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'raw', version: '1' },
      },
    });
    await this.answerTo('init');
    this.send({ method: 'notifications/initialized' });
  }

  end(): Promise<Ending> {
    return this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
