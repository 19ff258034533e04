import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { EKSWorkloadIdentity } from '../../../lib/credentials/workload-identity/eks-workload-identity.credential.js';
import {
  FileTokenSource,
  type FileTokenSourceOptions,
} from '../../../lib/credentials/workload-identity/file-token.source.js';
import { WorkloadIdentityConfigurationError } from '../../../lib/credentials/workload-identity/workload-identity-configuration.error.js';
import { WorkloadIdentityError } from '../../../lib/credentials/workload-identity/workload-identity.error.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const VARIABLES = [
  'OWN_TOKEN_FILE',
  'KEYCARD_EKS_WORKLOAD_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AZURE_FEDERATED_TOKEN_FILE',
];

let directory: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
});

async function tokenFile(name: string, content = `token-of-${name}`) {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

async function environmentOf(names: readonly string[]) {
  const entries = names.map(
    async (name) => [name, await tokenFile(name)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

function failureOf(work: () => unknown): WorkloadIdentityConfigurationError {
  try {
    work();
  } catch (error) {
    if (error instanceof WorkloadIdentityConfigurationError) return error;
  }
  throw new Error('expected a WorkloadIdentityConfigurationError');
}

describe('FileTokenSource', () => {
  it.each(VARIABLES.map((name, index) => [name, index] as const))(
    '%s comes before those after it',
    async (name, index) => {
      const source = new FileTokenSource({
        environmentVariable: 'OWN_TOKEN_FILE',
        environment: await environmentOf(VARIABLES.slice(index)),
      });
      expect(source.environmentVariable).toBe(name);
      expect(await source.identityToken()).toBe(`token-of-${name}`);
    },
  );

  it('a path comes before all variables', async () => {
    const path = await tokenFile('explicit');
    const environment = await environmentOf(VARIABLES);
    const source = new FileTokenSource({ path, environment });
    expect(source).toMatchObject({ path, environmentVariable: undefined });
  });

  it('a variable that is blank is skipped', async () => {
    const environment = {
      KEYCARD_EKS_WORKLOAD_IDENTITY_TOKEN_FILE: ' ',
      AWS_WEB_IDENTITY_TOKEN_FILE: await tokenFile('aws'),
    };
    const source = new FileTokenSource({ environment });
    expect(await source.identityToken()).toBe('token-of-aws');
  });

  it('reads the environment of the process', async () => {
    const name = 'TEST_ONLY_PLATFORM_TOKEN_FILE';
    process.env[name] = await tokenFile('process');
    try {
      const source = new FileTokenSource({ environmentVariable: name });
      expect(await source.identityToken()).toBe('token-of-process');
    } finally {
      delete process.env[name];
    }
  });

  it('reads the file again at every use, without blanks around the token', async () => {
    const path = await tokenFile('token', ' first \n');
    const source = new FileTokenSource({ path });
    expect(await source.identityToken()).toBe('first');
    await writeFile(path, '\tsecond\r\n');
    expect(await source.identityToken()).toBe('second');
  });

  it('follows the links that a cluster turns at rotation', async () => {
    const link = join(directory, 'token');
    await symlink(await tokenFile('old'), link);
    const source = new FileTokenSource({ path: link });
    expect(await source.identityToken()).toBe('token-of-old');
    await rm(link);
    await symlink(await tokenFile('new'), link);
    expect(await source.identityToken()).toBe('token-of-new');
  });

  it('says which variables it looked for', () => {
    const error = failureOf(() => new FileTokenSource({ environment: {} }));
    expect(error.source).toBe('file');
    expect(error.message).toBe(
      `No file with a platform token: set \`path\`, or one of ${VARIABLES.slice(1).join(', ')}.`,
    );
  });

  it.each<[string, () => Promise<FileTokenSourceOptions>, RegExp]>([
    ['no file', async () => ({ path: join(directory, 'no') }), /no: ENOENT\.$/],
    ['a directory', async () => ({ path: directory }), /: EISDIR\.$/],
    [
      'an empty file',
      async () => ({ path: await tokenFile('e', '') }),
      /empty/,
    ],
    ['blanks', async () => ({ path: await tokenFile('b', ' \n') }), /empty/],
    [
      'what is no token',
      async () => ({ path: await tokenFile('h', '<html>secret page</html>') }),
      /characters no token has/,
    ],
  ])('is not made with %s', async (_case, options, message) => {
    const settings = await options();
    const error = failureOf(() => new FileTokenSource(settings));
    expect(error.message).toMatch(message);
    expect(error.code).toBe('ERR_WORKLOAD_IDENTITY_CONFIGURATION');
    expect(inspect(error, { depth: 9 })).not.toContain('secret page');
  });

  it.each<[string, (path: string) => Promise<void>, string]>([
    [
      'gone',
      (path) => rm(path),
      'the file with the platform token is unreadable',
    ],
    ['empty', (path) => writeFile(path, ''), 'the platform token is empty'],
    [
      'too long',
      (path) => writeFile(path, 'x'.repeat(20_000)),
      'the platform token is too long, or has characters no token has',
    ],
    [
      'two lines',
      (path) => writeFile(path, 'hunter2\nhunter3'),
      'the platform token is too long, or has characters no token has',
    ],
  ])(
    'says when the file is %s later, and recovers',
    async (_case, spoil, message) => {
      const path = await tokenFile('token');
      const source = new FileTokenSource({ path });
      await spoil(path);
      const error: unknown = await source
        .identityToken()
        .catch((e: unknown) => e);
      expect(error).toBeInstanceOf(WorkloadIdentityError);
      expect(error).toMatchObject({ source: 'file', message });
      expect(inspect(error, { depth: 9 })).not.toContain('hunter');
      await writeFile(path, 'again');
      expect(await source.identityToken()).toBe('again');
    },
  );
});

describe('EKSWorkloadIdentity', () => {
  it('does not know the file of Azure', async () => {
    const environment = await environmentOf(['AZURE_FEDERATED_TOKEN_FILE']);
    const error = failureOf(() => new EKSWorkloadIdentity({ environment }));
    expect(error.message).not.toContain('AZURE');
  });

  it('tells which file it uses, and why', async () => {
    const environment = await environmentOf(['AWS_WEB_IDENTITY_TOKEN_FILE']);
    expect(new EKSWorkloadIdentity({ environment })).toMatchObject({
      path: environment['AWS_WEB_IDENTITY_TOKEN_FILE'],
      environmentVariable: 'AWS_WEB_IDENTITY_TOKEN_FILE',
    });
  });
});
