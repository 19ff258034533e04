import { NativeTelemetry } from './native-telemetry.js';
import { NO_TELEMETRY } from './no-telemetry.js';
import type { OpenTelemetryApi } from './open-telemetry.api.js';
import { PropagatedTelemetry } from './propagated-telemetry.js';
import type { TelemetryMode } from './telemetry-mode.js';
import type { Telemetry } from './telemetry.js';

type ImportApi = () => Promise<OpenTelemetryApi>;

const PACKAGE = '@opentelemetry/api';
const MISSING: readonly unknown[] = [
  'ERR_MODULE_NOT_FOUND',
  'MODULE_NOT_FOUND',
];

let installed: Promise<OpenTelemetryApi | undefined> | undefined;

/**
 * Telemetry through `@opentelemetry/api`, if the application has it. What
 * collects it has to be set up before.
 */
export async function loadTelemetry(
  mode: TelemetryMode = 'native',
): Promise<Telemetry> {
  if (mode === 'off') return NO_TELEMETRY;
  installed ??= importIfInstalled(() => import('@opentelemetry/api'));
  return createTelemetry(mode, await installed);
}

/** @param api `undefined` when the package is not installed */
export function createTelemetry(
  mode: TelemetryMode,
  api: OpenTelemetryApi | undefined,
): Telemetry {
  if (!api || mode === 'off') return NO_TELEMETRY;
  return mode === 'native'
    ? new NativeTelemetry(api)
    : new PropagatedTelemetry(api);
}

/** `undefined` when there is no such package. A broken one is an error. */
export async function importIfInstalled(
  importApi: ImportApi,
): Promise<OpenTelemetryApi | undefined> {
  try {
    return await importApi();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return MISSING.includes(error.code) && error.message.includes(PACKAGE);
}
