import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { KeycardModule, serveStdio } from 'nestjs-keycard';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compile, type CompiledProgram } from './support/compile.js';
import { ProgramProcess } from './support/program-process.js';
import type { ProgramSettings } from './support/local.program.js';

const ZONE = 'http://localhost:1';

let program: CompiledProgram;

beforeAll(async () => {
  program = await compile();
}, 60_000);

afterAll(() => program[Symbol.dispose]());

function start(settings: ProgramSettings = {}): ProgramProcess {
  return ProgramProcess.start({
    script: program.script,
    settings: { module: { zoneUrl: ZONE }, ...settings },
  });
}

const MODERN = {
  _meta: {
    progressToken: 'p',
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  },
};

const ERAS: readonly [era: string, params: object][] = [
  ['the 2025 era', { _meta: { progressToken: 'p' } }],
  ['the modern era', MODERN],
];

/** A call whose handler is known to run. */
async function beginWaiting(child: ProgramProcess, params: object) {
  if (params !== MODERN) await child.initialize();
  child.call(1, 'wait', params);
  await vi.waitFor(
    () => expect(child.stdout).toContain('notifications/progress'),
    { timeout: 20_000 },
  );
}

const STOPPED = 'stopped: AbortError';
const CLOSED = 'the application was closed';
const CLEAN = new RegExp(`${STOPPED}[^]*${CLOSED}`);

describe.each(ERAS)('in the middle of a call of %s', (_era, params) => {
  it('the process ends when stdin does', async () => {
    await using child = start();
    await beginWaiting(child, params);
    child.child.stdin.end();
    expect(await child.end()).toEqual({ code: 0, signal: null });
    expect(child.stderr).toMatch(CLEAN);
    expect(child.messages.length).toBeGreaterThan(0);
  }, 60_000);

  it('the process ends on SIGTERM', async () => {
    await using child = start();
    await beginWaiting(child, params);
    child.child.kill('SIGTERM');
    expect(await child.end()).toEqual({ code: null, signal: 'SIGTERM' });
    expect(child.stderr).toContain(STOPPED);
    expect(child.stderr).toContain(CLOSED);
  }, 60_000);

  it('the process ends when nobody reads its answers', async () => {
    await using child = start();
    await beginWaiting(child, params);
    child.child.stdout.destroy();
    child.call(2, 'add', { arguments: { a: 1, b: 1 }, ...params });
    expect(await child.end()).toEqual({ code: 0, signal: null });
    expect(child.stderr).toMatch(CLEAN);
  }, 60_000);
});

it('is served once in a process', async () => {
  await using child = start({ twice: true });
  await child.initialize();
  await vi.waitFor(() => expect(child.stderr).toContain('again: StdioError'));
  child.call(1, 'whoami');
  await child.answerTo(1);
  expect(child.messages).toHaveLength(2);
}, 60_000);

it('stops the boot where there is no such server', async () => {
  await using child = start({ options: { server: '/admin' } });
  const { code } = await child.end();
  expect(code).not.toBe(0);
  expect(child.stderr).toContain('McpDefinitionError');
  expect(child.stdout).toBe('');
}, 60_000);

@Module({})
class EmptyModule {}

describe('serveStdio()', () => {
  const several = { baseUrl: ZONE, enableMultiZone: true, zones: { a: ZONE } };
  const CASES: readonly [string, object | undefined, object, string][] = [
    ['the module', undefined, {}, 'ERR_MCP_STDIO'],
    [
      'a server of the name',
      { zoneUrl: ZONE },
      { server: 'nobody' },
      'ERR_MCP_DEFINITION',
    ],
    ['any server', { zoneUrl: ZONE, mcp: false }, {}, 'ERR_MCP_DEFINITION'],
    ['a zone, of several', several, {}, 'ERR_MCP_STDIO'],
    ['a zone of the name', several, { zoneId: 'b' }, 'ERR_MCP_STDIO'],
  ];

  it.each(CASES)(
    'says so without %s, and gives stdout back',
    async (_what, module, options, code) => {
      const write: unknown = Reflect.get(process.stdout, 'write');
      const application = await NestFactory.createApplicationContext(
        module ? KeycardModule.forRoot(module) : EmptyModule,
        { logger: false, abortOnError: false },
      );
      try {
        await expect(serveStdio(application, options)).rejects.toMatchObject({
          code,
        });
        expect(Reflect.get(process.stdout, 'write')).toBe(write);
      } finally {
        await application.close();
      }
    },
  );
});
