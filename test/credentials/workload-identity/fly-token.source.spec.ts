import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FlyTokenSource } from '../../../lib/credentials/workload-identity/fly-token.source.js';
import { WorkloadIdentityConfigurationError } from '../../../lib/credentials/workload-identity/workload-identity-configuration.error.js';
import { WorkloadIdentityError } from '../../../lib/credentials/workload-identity/workload-identity.error.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { FAILURES, TokenService } from '../support/token-service.js';

let service: TokenService;
let socketPath: string;
beforeEach(async () => {
  socketPath = join(await temporaryDirectory(), 'api');
  service = await TokenService.start(socketPath);
});
afterEach(() => service[Symbol.asyncDispose]());

describe('FlyTokenSource', () => {
  it.each([
    [undefined, '{}'],
    ['https://acme.keycard.cloud', '{"aud":"https://acme.keycard.cloud"}'],
    ['ü"', '{"aud":"ü\\""}'],
  ])('audience %j: asks over the socket', async (audience, body) => {
    service.answer = (response) =>
      response.end(` token-${service.calls.length}\n`);
    const tokens = new FlyTokenSource({ audience, socketPath });
    expect(await tokens.identityToken()).toBe('token-1');
    expect(await tokens.identityToken()).toBe('token-2');
    expect(service.calls[0]).toMatchObject({
      method: 'POST',
      url: '/v1/tokens/oidc',
      body,
      headers: { host: 'localhost', 'content-type': 'application/json' },
    });
  });

  it.each(FAILURES)('%s is a typed error', async (_case, answer, message) => {
    service.answer = answer;
    const tokens = new FlyTokenSource({ socketPath, timeout: 300 });
    const error: unknown = await tokens
      .identityToken()
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(WorkloadIdentityError);
    expect(error).toMatchObject({ source: 'fly', message });
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
  });

  it('says when there is no socket, and does not look before', async () => {
    const tokens = new FlyTokenSource({ socketPath: `${socketPath}-no` });
    await expect(tokens.identityToken()).rejects.toMatchObject({
      source: 'fly',
      message: 'the token service could not be reached',
      cause: { code: 'ENOENT' },
    });
  });

  it.each([{ audience: ' ' }, { socketPath: '' }, { timeout: -1 }])(
    'is not made with %j',
    (options) => {
      expect(() => new FlyTokenSource(options)).toThrow(
        WorkloadIdentityConfigurationError,
      );
    },
  );
});
