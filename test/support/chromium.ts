import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const MISSING = `No Chromium found: set CHROMIUM_PATH, or install one of ${NAMES.join(', ')}.`;

const LAUNCH_TIMEOUT = 60_000;
const TEST_TIMEOUT = 120_000;

/** A window of its own: no cookies, nothing remembered, everything overheard. */
export interface Window {
  readonly page: Page;
  /** Errors of the console, among them every violation of a content policy. */
  readonly errors: string[];
}

/** Opens a window. It is closed after the test. */
export type OpenWindow = (options?: BrowserContextOptions) => Promise<Window>;

/**
 * A suite that needs a real browser. Without one it is skipped, which is said on
 * stderr; in CI it fails instead.
 */
export function describeWithChromium(
  name: string,
  define: (open: OpenWindow) => void,
): void {
  const executablePath = findChromium();
  if (executablePath !== undefined) {
    const options = { timeout: TEST_TIMEOUT };
    describe(name, options, () => define(useChromium(executablePath)));
    return;
  }
  if (process.env['CI']) {
    describe(name, () => {
      it('has a browser to run in', () => expect.fail(MISSING));
    });
    return;
  }
  process.stderr.write(`\n*** NOT TESTED: ${name}. ${MISSING} ***\n\n`);
  describe.skip(name, () => define(() => Promise.reject(new Error(MISSING))));
}

/** Path of the browser; `undefined` when there is none. */
function findChromium(): string | undefined {
  const chosen = process.env['CHROMIUM_PATH']?.trim();
  if (chosen) {
    // A path that was given and is wrong is a mistake, not an absence.
    accessSync(chosen, constants.X_OK);
    return chosen;
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
    .filter(isExecutable)
    .at(0);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** One browser for a suite, on a profile that is deleted with it. */
function useChromium(executablePath: string): OpenWindow {
  const contexts: BrowserContext[] = [];
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      chromiumSandbox: false,
      // Names an attacker could rebind to this machine.
      args: ['--host-resolver-rules=MAP *.test 127.0.0.1'],
      timeout: LAUNCH_TIMEOUT,
    });
  }, LAUNCH_TIMEOUT);
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });
  afterAll(() => browser.close());

  return async (options) => {
    const context = await browser.newContext(options);
    contexts.push(context);
    const errors: string[] = [];
    context.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    context.on('weberror', (error) => errors.push(error.error().message));
    return { page: await context.newPage(), errors };
  };
}
