/**
 * Compares the throughput of three servers that do the same work: bare
 * `node:http`, `@rekog/mcp-nest` without any authentication, and this module
 * with a verified token and a cached grant.
 *
 * Absolute numbers say something about the machine; the ratios are what
 * counts. They are taken from servers that run one after another within each
 * round. The last line has those of requests per second; the one before it
 * those of requests per time of the processor, for a machine that is shared.
 *
 * `--quick` takes less than three minutes, `--fastify` runs both modules on
 * Fastify, `--profiles=<folder>` writes a CPU profile of every server.
 */
import { findFreePort } from '../support/free-port.js';
import { readOptions, type BenchOptions } from './bench.options.js';
import { Contender } from './contender.js';
import {
  perProcessorTime,
  perSecond,
  printTable,
  ratiosOf,
  wasBusy,
  type Measurements,
} from './report.js';
import {
  createScenarios,
  type Scenario,
  type ScenarioName,
} from './scenarios.js';
import { WeatherZone } from './weather-zone.js';

const BUSY =
  'The machine had other work to do: trust the ratios by processor time.';

const options = readOptions(process.argv.slice(2));
const scenarios = Object.entries(createScenarios(options.adapter)) as [
  ScenarioName,
  Scenario,
][];
const ports = await Promise.all(scenarios.map(() => findFreePort()));
const zone = await WeatherZone.start(ports);
const contenders = new Map<ScenarioName, Contender>();
try {
  for (const [index, [name, scenario]] of scenarios.entries()) {
    const nodeOptions = profilerOptions(options, name);
    contenders.set(
      name,
      await Contender.start(scenario, ports[index]!, zone, nodeOptions),
    );
  }
  console.log(`${contenders.size} servers, ${options.rounds} rounds.`);
  const measurements = await measureAll(options);
  await printTable(contenders, measurements);
  if (wasBusy(measurements)) console.log(BUSY);
  const byProcessor = ratiosOf(measurements, perProcessorTime);
  console.log(`By processor time: ${JSON.stringify(byProcessor)}`);
  console.log(JSON.stringify(ratiosOf(measurements, perSecond)));
} finally {
  await Promise.all([...contenders.values()].map((server) => server.stop()));
  await zone.stop();
}

async function measureAll(times: BenchOptions): Promise<Measurements> {
  for (const contender of contenders.values()) {
    await contender.warmUp(times.warmUp);
  }
  const measurements = Object.fromEntries(
    scenarios.map(([name]) => [name, []]),
  ) as unknown as Measurements;
  for (let round = 0; round < times.rounds; round += 1) {
    // Nobody always comes first.
    const order = [...contenders];
    if (round % 2 === 1) order.reverse();
    for (const [name, contender] of order) {
      await contender.warmUp(times.settle);
      measurements[name].push(await contender.measure(times.measure));
    }
  }
  return measurements;
}

function profilerOptions(
  { profiles }: BenchOptions,
  name: ScenarioName,
): string[] {
  if (profiles === undefined) return [];
  return [
    '--cpu-prof',
    `--cpu-prof-dir=${profiles}`,
    `--cpu-prof-name=${name}.cpuprofile`,
  ];
}
