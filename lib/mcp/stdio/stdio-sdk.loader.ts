import { ModernEraError } from '../modern/modern-era.error.js';
import type { ModernEraConfig } from '../modern/modern-era.js';
import { loadModernSdk, type ModernSdk } from '../modern/modern-sdk.loader.js';

/** What we use of the package that speaks the modern era. */
export type StdioSdk = Pick<ModernSdk, 'Server'> &
  Pick<typeof import('@modelcontextprotocol/server/stdio'), 'serveStdio'>;

/**
 * The package, where the modern era is wanted and it is installed.
 *
 * @throws ModernEraError when the application asked for it in vain
 */
export async function findStdioSdk({
  eras,
  areErasExplicit,
}: ModernEraConfig): Promise<StdioSdk | undefined> {
  if (eras === 'legacy') return undefined;
  try {
    const { Server } = await loadModernSdk();
    const { serveStdio } = await import('@modelcontextprotocol/server/stdio');
    return { Server, serveStdio };
  } catch (error) {
    if (areErasExplicit || !(error instanceof ModernEraError)) throw error;
    return undefined;
  }
}
