import type { Contender, Measurement } from './contender.js';
import { RATIOS, type ScenarioName } from './scenarios.js';

/** The measurements of a scenario, in the order of the rounds. */
export type Measurements = Record<ScenarioName, Measurement[]>;

const MEBIBYTE = 1024 * 1024;
const FULL_UTILIZATION = 0.8;

/** Prints what was measured: medians of all rounds. */
export async function printTable(
  contenders: ReadonlyMap<ScenarioName, Contender>,
  measurements: Measurements,
): Promise<void> {
  const rows: Record<string, Record<string, number>> = {};
  for (const [name, contender] of contenders) {
    const medianOf = (member: keyof Measurement) =>
      median(measurements[name].map((measurement) => measurement[member]));
    rows[contender.scenario.label] = {
      'requests/s': Math.round(medianOf('requestsPerSecond')),
      'CPU µs/request': Math.round(medianOf('processorTime')),
      'CPU %': Math.round(medianOf('utilization') * 100),
      'heap MiB': rounded((await contender.heap) / MEBIBYTE, 1),
      'answer bytes': contender.size,
    };
  }
  console.table(rows);
}

/** How many requests a server answers, in a time by some clock. */
export type Throughput = (measurement: Measurement) => number;

/** By the clock on the wall: of a machine that has nothing else to do. */
export const perSecond: Throughput = ({ requestsPerSecond }) =>
  requestsPerSecond;

/** By the time the processor worked for the server: others hardly matter. */
export const perProcessorTime: Throughput = ({ processorTime }) =>
  1 / processorTime;

/** Ours ÷ theirs: of each round, and then the median of those. */
export function ratiosOf(
  measurements: Measurements,
  throughput: Throughput,
): Record<string, number> {
  const ratios = Object.entries(RATIOS).map(([ratio, [ours, theirs]]) => {
    const perRound = measurements[ours].map(
      (measurement, round) =>
        throughput(measurement) / throughput(measurements[theirs][round]!),
    );
    return [ratio, rounded(median(perRound), 2)];
  });
  return Object.fromEntries(ratios) as Record<string, number>;
}

/** Servers are asked all they can answer: less means that others worked. */
export function wasBusy(measurements: Measurements): boolean {
  const utilizations = Object.values(measurements)
    .flat()
    .map(({ utilization }) => utilization);
  return median(utilizations) < FULL_UTILIZATION;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? sorted[middle]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
