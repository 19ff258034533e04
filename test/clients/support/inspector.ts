import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const VERSION = '2.12.0';
/** The Inspector does not run on every Node that this package runs on. */
const NODE_VERSION = '24';
const FETCH_TIMEOUT = 180_000;
const RUN_TIMEOUT = 15_000;

const run = promisify(execFile);

/** What the Inspector printed, and how it ended. */
export interface InspectorAnswer {
  readonly exitCode: number;
  /** What it printed as the result, and as the error. */
  readonly result: any;
  readonly error: any;
}

/**
 * Whether the Inspector is to be run: it is fetched from the npm registry, which
 * a test does not do unasked. Where it is not run, that is said loudly.
 */
export function shouldRunInspector(): boolean {
  if (process.env['MCP_INSPECTOR'] === '1') return true;
  process.stderr.write(
    '\n*** MCP_INSPECTOR is not 1: the command line of the MCP Inspector is NOT TESTED.' +
      ` With it, version ${VERSION} is fetched from the npm registry. ***\n\n`,
  );
  return false;
}

/** The command line of the MCP Inspector, which remembers nothing. */
export class Inspector implements AsyncDisposable {
  private constructor(
    private readonly node: string,
    private readonly script: string,
    private readonly home: string,
  ) {}

  /** Fetches it, unless npm has it already. */
  static async fetch(): Promise<Inspector> {
    const home = await mkdtemp(join(tmpdir(), 'keycard-inspector-'));
    const packages = [
      `node@${NODE_VERSION}`,
      `@modelcontextprotocol/inspector@${VERSION}`,
    ].flatMap((name) => ['--package', name]);
    const tell = 'node -p process.execPath && command -v mcp-inspector';
    const { stdout } = await run(
      'npx',
      ['--yes', '--loglevel=error', ...packages, '--call', tell],
      // Not among the packages of this project.
      { cwd: home, timeout: FETCH_TIMEOUT },
    );
    const [node, script] = stdout.trim().split('\n');
    return new Inspector(node!, script!, home);
  }

  /** Sends one request. */
  async send(
    url: string,
    era: string,
    headers: Readonly<Record<string, string>>,
    [method, ...options]: readonly string[],
  ): Promise<InspectorAnswer> {
    const sent = Object.entries(headers).map((header) => header.join(': '));
    const parameters = [
      ['--cli', url, '--transport', 'http', '--format', 'json'],
      // Otherwise it would open a browser.
      ['--stored-auth-only', '--protocol-era', era, '--method', method!],
      options,
      sent.flatMap((header) => ['--header', header]),
    ].flat();
    const { exitCode, stdout, stderr } = await this.execute(parameters);
    return {
      exitCode,
      result: parse(stdout)?.result,
      error: parse(stderr)?.error,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }

  private async execute(parameters: string[]) {
    const { PATH } = process.env;
    try {
      const output = await run(this.node, [this.script, ...parameters], {
        cwd: this.home,
        env: { PATH, HOME: this.home },
        timeout: RUN_TIMEOUT,
      });
      return { exitCode: 0, ...output };
    } catch (failure) {
      const { code, stdout, stderr } = failure as InspectorFailure;
      if (typeof code !== 'number') throw failure;
      return { exitCode: code, stdout, stderr };
    }
  }
}

/** It ended with a code, or was ended, or never began. */
interface InspectorFailure {
  readonly code?: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** Warnings of Node may stand beside what it prints. */
function parse(output: string): any {
  const line = output.split('\n').find((text) => text.startsWith('{'));
  return line && JSON.parse(line);
}
