import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GcpMetadataTokenSource } from '../../../lib/credentials/workload-identity/gcp-metadata-token.source.js';
import { WorkloadIdentityConfigurationError } from '../../../lib/credentials/workload-identity/workload-identity-configuration.error.js';
import { WorkloadIdentityError } from '../../../lib/credentials/workload-identity/workload-identity.error.js';
import { FAILURES, TokenService } from '../support/token-service.js';

const AUDIENCE = 'https://acme.keycard.cloud/?a=b&c';

let service: TokenService;
beforeAll(async () => {
  service = await TokenService.start();
});
beforeEach(() => {
  service.calls.length = 0;
});
afterAll(() => service[Symbol.asyncDispose]());

/** As the real one: nothing for those who do not know the header. */
function behave(answer: TokenService['answer']): void {
  service.answer = (response) => {
    response.setHeader('metadata-flavor', 'Google');
    answer(response);
  };
}

const source = (timeout?: number) =>
  new GcpMetadataTokenSource({
    audience: AUDIENCE,
    metadataUrl: service.url,
    timeout,
  });

describe('GcpMetadataTokenSource', () => {
  it('asks the metadata server, every time', async () => {
    behave((response) => response.end(`token-${service.calls.length}\n`));
    const tokens = source();
    expect(await tokens.identityToken()).toBe('token-1');
    expect(await tokens.identityToken()).toBe('token-2');
    const [call] = service.calls;
    expect(call).toMatchObject({
      method: 'GET',
      url: '/computeMetadata/v1/instance/service-accounts/default/identity?audience=https%3A%2F%2Facme.keycard.cloud%2F%3Fa%3Db%26c&format=full',
      body: '',
      headers: {
        'metadata-flavor': 'Google',
        host: new URL(service.url).host,
      },
    });
  });

  it.each(FAILURES)('%s is a typed error', async (_case, answer, message) => {
    behave(answer);
    const error: unknown = await source(300)
      .identityToken()
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(WorkloadIdentityError);
    expect(error).toMatchObject({ source: 'gcp-metadata', message });
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
  });

  it.each([undefined, 'google', 'Amazon'])(
    'does not believe a server whose flavor is %j',
    async (flavor) => {
      service.answer = (response) => {
        if (flavor) response.setHeader('metadata-flavor', flavor);
        response.end('platform.token');
      };
      await expect(source().identityToken()).rejects.toMatchObject({
        source: 'gcp-metadata',
        message: expect.stringContaining('Metadata-Flavor: Google') as string,
      });
    },
  );

  it('says when nobody is there', async () => {
    const gone = await TokenService.start();
    const { url } = gone;
    await gone[Symbol.asyncDispose]();
    const tokens = new GcpMetadataTokenSource({
      audience: AUDIENCE,
      metadataUrl: url,
    });
    await expect(tokens.identityToken()).rejects.toMatchObject({
      message: 'the token service could not be reached',
      cause: { code: 'ECONNREFUSED' },
    });
  });

  it.each([
    { audience: '' },
    { audience: '  ' },
    { audience: undefined },
    { audience: 'a', metadataUrl: 'metadata.google.internal' },
    { audience: 'a', metadataUrl: 'https://metadata.google.internal' },
    { audience: 'a', metadataUrl: 'http://u:hunter2@metadata' },
    { audience: 'a', metadataUrl: 'http://metadata/?x' },
    { audience: 'a', metadataUrl: 'file:///etc/passwd' },
    { audience: 'a', timeout: 0 },
    { audience: 'a', timeout: NaN },
    { audience: 'a', timeout: Infinity },
  ])('is not made with %j', (options) => {
    let error: unknown;
    try {
      error = Reflect.construct(GcpMetadataTokenSource, [options]);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(WorkloadIdentityConfigurationError);
    expect(error).toMatchObject({ source: 'gcp-metadata' });
    expect(String(error)).not.toContain('hunter2');
  });
});
