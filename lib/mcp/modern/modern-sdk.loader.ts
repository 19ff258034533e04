import { ModernEraError } from './modern-era.error.js';
import { ModernLogMessages } from './modern.messages.js';

/** The package that speaks the modern era: an optional peer. */
export const MODERN_SDK = '@modelcontextprotocol/server';

/** What we use of that package. */
export type ModernSdk = Pick<
  typeof import('@modelcontextprotocol/server'),
  'classifyInboundRequest' | 'createMcpHandler' | 'Server'
>;

/** How the package is imported. */
export type ModernSdkImport = () => Promise<ModernSdk>;

const importSdk: ModernSdkImport = () => import('@modelcontextprotocol/server');

/**
 * Loads the package when a server starts: an application that only serves the
 * 2025 era need not have it.
 *
 * @throws ModernEraError when it is not installed
 */
export async function loadModernSdk(
  load: ModernSdkImport = importSdk,
): Promise<ModernSdk> {
  try {
    return await load();
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new ModernEraError(ModernLogMessages.packageMissing(MODERN_SDK), {
      cause,
    });
  }
}

// The package itself, not one it should have brought along.
function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === 'ERR_MODULE_NOT_FOUND' &&
    error.message.includes(`'${MODERN_SDK}'`)
  );
}
