import { parseArgs } from 'node:util';
import type { AdapterName } from './servers/server-spec.js';

/** How long, and on what, the servers are compared. Times in milliseconds. */
export interface BenchOptions {
  readonly rounds: number;
  /** Time a server is measured for, in each round. */
  readonly measure: number;
  /**
   * Time under load before each measurement. A server that stood still for a
   * while has lost its place in the caches of the processor.
   */
  readonly settle: number;
  /** Time under load before the first round. */
  readonly warmUp: number;
  /** What both modules run on. */
  readonly adapter: AdapterName;
  /** Folder for a CPU profile of every server. */
  readonly profiles: string | undefined;
}

const QUICK = { rounds: 9, measure: 400, settle: 400, warmUp: 3_000 };
const THOROUGH = { rounds: 31, measure: 1_000, settle: 200, warmUp: 5_000 };

/** @throws TypeError for an argument that is not known */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      fastify: { type: 'boolean', default: false },
      profiles: { type: 'string' },
    },
  });
  return {
    ...(values.quick ? QUICK : THOROUGH),
    adapter: values.fastify ? 'fastify' : 'express',
    profiles: values.profiles,
  };
}
