import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ClientSecret } from '../../lib/credentials/client-secret.credential.js';
import { discoverCredential } from '../../lib/credentials/credential-discovery.js';
import { CredentialError } from '../../lib/credentials/credential.error.js';
import { WebIdentity } from '../../lib/credentials/web-identity/web-identity.credential.js';
import { EKSWorkloadIdentity } from '../../lib/credentials/workload-identity/eks-workload-identity.credential.js';
import { WorkloadIdentity } from '../../lib/credentials/workload-identity/workload-identity.credential.js';
import { temporaryDirectory } from './support/temporary-directory.js';

const TYPE = 'KEYCARD_APPLICATION_CREDENTIAL_TYPE';
const SECRET = { KEYCARD_CLIENT_ID: 'id', KEYCARD_CLIENT_SECRET: 'pw' };

let directory: string;
let file: string;
let other: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
  file = join(directory, 'token');
  other = join(directory, 'other');
  await writeFile(file, 'platform.token.1');
  await writeFile(other, 'platform.token.2');
});

describe('discoverCredential', () => {
  it.each([
    {},
    { KEYCARD_CLIENT_ID: '', KEYCARD_CLIENT_SECRET: ' ', [TYPE]: '\t' },
    { KEYCARD_EKS_WORKLOAD_IDENTITY_TOKEN_FILE: ' ' },
    { AZURE_FEDERATED_TOKEN_FILE: '/any' },
    { KEYCARD_WEB_IDENTITY_KEY_STORAGE_DIR: '/any' },
  ])('finds nothing in %j', (environment) => {
    expect(discoverCredential(environment)).toBeUndefined();
  });

  it.each([
    {},
    { [TYPE]: 'web_identity' },
    { [TYPE]: 'nonsense' },
    { AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere' },
  ])('takes client id and secret before %j', (environment) => {
    const found = discoverCredential({ ...environment, ...SECRET });
    expect(found).toBeInstanceOf(ClientSecret);
  });

  it.each([
    [{ KEYCARD_CLIENT_ID: 'id' }, /ID is set, but \w+_SECRET is not/],
    [{ KEYCARD_CLIENT_SECRET: 'pw' }, /SECRET is set, but \w+_ID is not/],
    [
      { KEYCARD_CLIENT_ID: 'id', [TYPE]: 'web_identity' },
      /ID is set, but \w+_SECRET is not/,
    ],
    [
      { KEYCARD_CLIENT_ID: 'id', AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere' },
      /ID is set, but \w+_SECRET is not/,
    ],
  ])('refuses half a pair: %j', (environment, message) => {
    const discover = () => discoverCredential(environment);
    expect(discover).toThrow(CredentialError);
    expect(discover).toThrow(message);
  });

  it.each(['nonsense', 'EKS_WORKLOAD_IDENTITY', 'toString', '__proto__'])(
    'refuses the type %j',
    (type) => {
      const discover = () => discoverCredential({ [TYPE]: type });
      expect(discover).toThrow(CredentialError);
      expect(discover).toThrow(
        `${TYPE} is "${type}", which is not a type of credential. Supported types: eks_workload_identity, web_identity, workload_identity.`,
      );
    },
  );

  it.each([
    'KEYCARD_EKS_WORKLOAD_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
  ])('%s alone is a workload on EKS', (variable) => {
    const found = discoverCredential({ [variable]: file });
    expect(found).toBeInstanceOf(EKSWorkloadIdentity);
    expect(found).toMatchObject({ path: file, environmentVariable: variable });
  });

  it('prefers the file made for Keycard', () => {
    const found = discoverCredential({
      [TYPE]: 'eks_workload_identity',
      AWS_WEB_IDENTITY_TOKEN_FILE: other,
      KEYCARD_EKS_WORKLOAD_IDENTITY_TOKEN_FILE: file,
    });
    expect(found).toMatchObject({ path: file });
  });

  it('lets the type decide, before the files that are there', () => {
    const found = discoverCredential(
      { [TYPE]: ' web_identity ', AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere' },
      { serverName: 'Test Server' },
    );
    expect(found).toBeInstanceOf(WebIdentity);
    expect(found).toMatchObject({ keyId: 'Test_Server' });
  });

  it('a web identity keeps its keys where the environment says', async () => {
    const keys = join(directory, 'keys');
    const found = discoverCredential(
      { [TYPE]: 'web_identity', KEYCARD_WEB_IDENTITY_KEY_STORAGE_DIR: keys },
      { serverName: 'app' },
    );
    await found!.prepare!();
    expect((await readdir(keys)).sort()).toEqual(['app.json', 'app.pem']);
  });

  it('a web identity without a name is refused', () => {
    expect(() => discoverCredential({ [TYPE]: 'web_identity' })).toThrow(
      /needs a stable id/,
    );
  });

  it('workload_identity also knows the file of Azure, eks_workload_identity does not', () => {
    const environment = { AZURE_FEDERATED_TOKEN_FILE: file };
    const found = discoverCredential({
      ...environment,
      [TYPE]: 'workload_identity',
    });
    expect(found).toBeInstanceOf(WorkloadIdentity);
    expect(found).not.toBeInstanceOf(EKSWorkloadIdentity);
    expect(() =>
      discoverCredential({ ...environment, [TYPE]: 'eks_workload_identity' }),
    ).toThrow(CredentialError);
  });

  it('a file that is named but not there is an error', () => {
    expect(() =>
      discoverCredential({ AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere/token' }),
    ).toThrow(/cannot be read from \/nowhere\/token: ENOENT/);
  });
});
