import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const lib = fileURLToPath(new URL('./lib', import.meta.url));

export default defineConfig({
  // Vite transforms TypeScript with Oxc. It reads these flags from a tsconfig
  // only if that tsconfig covers the file, so they are stated here.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  resolve: {
    alias: [
      { find: /^nestjs-keycard$/, replacement: `${lib}/index.ts` },
      { find: /^nestjs-keycard\/(.*)$/, replacement: `${lib}/$1/index.ts` },
    ],
  },
  test: {
    include: ['test/**/*.spec.ts', 'test/**/*.e2e-spec.ts'],
    environment: 'node',
    setupFiles: ['test/support/setup.ts'],
    testTimeout: 20_000,
    maxWorkers: 2,
  },
});
