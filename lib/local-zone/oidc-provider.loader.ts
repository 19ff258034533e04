import { stripVTControlCharacters } from 'node:util';
import type * as OidcProvider from 'oidc-provider';
import { LocalZoneEnvironmentError } from './local-zone.error.js';
import { ZoneMessages } from './local-zone.messages.js';

const PACKAGE = 'oidc-provider';
const UNSUPPORTED_RUNTIME = /oidc-provider WARNING: Unsupported runtime\./;

/** The engine of the zone, and what it printed while it was loaded. */
export interface LoadedOidcProvider {
  readonly module: typeof OidcProvider;
  readonly notices: readonly string[];
}

type Warn = (this: void, ...values: unknown[]) => void;
type ImportOidcProvider = () => Promise<typeof OidcProvider>;

let loaded: Promise<LoadedOidcProvider> | undefined;

/** Loads oidc-provider once per process. */
export async function loadOidcProvider(): Promise<LoadedOidcProvider> {
  loaded ??= importOidcProvider(() => import('oidc-provider'));
  try {
    return await loaded;
  } catch (error) {
    loaded = undefined;
    throw error;
  }
}

/**
 * Imports oidc-provider. It prints one line about Node.js 20 that no option
 * turns off: that line becomes a notice, everything else is printed.
 */
export async function importOidcProvider(
  load: ImportOidcProvider,
): Promise<LoadedOidcProvider> {
  const output = globalThis.console;
  const warn = Reflect.get(output, 'warn') as Warn;
  const notices: string[] = [];
  output.warn = (...values: unknown[]) => {
    const text = String(values[0]);
    if (UNSUPPORTED_RUNTIME.test(text)) {
      notices.push(stripVTControlCharacters(text));
      return;
    }
    warn(...values);
  };
  try {
    return { module: await load(), notices };
  } catch (error) {
    throw isMissingPackage(error)
      ? new LocalZoneEnvironmentError(ZoneMessages.missingPackage(PACKAGE), {
          cause: error,
        })
      : error;
  } finally {
    output.warn = warn;
  }
}

function isMissingPackage(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) {
    return false;
  }
  return (
    error.code === 'ERR_MODULE_NOT_FOUND' && error.message.includes(PACKAGE)
  );
}
