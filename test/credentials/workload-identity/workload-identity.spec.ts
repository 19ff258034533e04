import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CredentialError } from '../../../lib/credentials/credential.error.js';
import { WorkloadIdentityConfigurationError } from '../../../lib/credentials/workload-identity/workload-identity-configuration.error.js';
import { WorkloadIdentity } from '../../../lib/credentials/workload-identity/workload-identity.credential.js';
import { WorkloadIdentityError } from '../../../lib/credentials/workload-identity/workload-identity.error.js';

const server = { issuer: 'https://a.keycard.cloud' };

async function authenticate(credential: WorkloadIdentity) {
  const { clientId, authentication } = credential.identify();
  const body = new URLSearchParams();
  const headers = new Headers();
  await authentication(server, { client_id: clientId }, body, headers);
  return { body: Object.fromEntries(body), headers: [...headers] };
}

class OwnSource {
  private readonly value = 'token';

  identityToken(): string {
    return this.value;
  }
}

describe('WorkloadIdentity', () => {
  it.each([
    ['a function', () => 'token'],
    ['an asynchronous function', async () => 'token'],
    ['an object', { identityToken: () => 'token' }],
    ['an asynchronous object', { identityToken: async () => 'token' }],
    ['an object that needs itself', new OwnSource()],
    ['a token with a line break', () => 'token\n'],
  ])('asks %s', async (_case, source) => {
    expect(await authenticate(new WorkloadIdentity(source))).toEqual({
      body: {
        client_assertion_type:
          'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: 'token',
      },
      headers: [],
    });
  });

  it('asks again for every request', async () => {
    let turn = 0;
    const credential = new WorkloadIdentity(() => `token-${(turn += 1)}`);
    await authenticate(credential);
    const { body } = await authenticate(credential);
    expect(body['client_assertion']).toBe('token-2');
  });

  it('does not ask to identify itself', () => {
    const credential = new WorkloadIdentity(() => {
      throw new Error('asked');
    });
    expect(credential.identify().clientId).not.toBe('');
  });

  it('sends a client id only when it has one', async () => {
    const named = new WorkloadIdentity(() => 't', { clientId: 'app' });
    expect(named.identify().clientId).toBe('app');
    expect((await authenticate(named)).body).toMatchObject({
      client_id: 'app',
    });
    const nameless = new WorkloadIdentity(() => 't');
    expect((await authenticate(nameless)).body).not.toHaveProperty('client_id');
  });

  it('has a name of its own in caches: the same for itself, another for others', () => {
    const [one, two] = [1, 2].map(() => new WorkloadIdentity(() => 't'));
    expect(one!.identify().clientId).toBe(one!.identify().clientId);
    expect(one!.identify().clientId).not.toBe(two!.identify().clientId);
  });

  it.each([undefined, null, 42, {}, Buffer.from('token'), ['token']])(
    'a source that returns %j is an error',
    async (value) => {
      const source = Reflect.construct(WorkloadIdentity, [() => value]);
      const error: unknown = await authenticate(
        source as WorkloadIdentity,
      ).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(WorkloadIdentityError);
      expect(error).toMatchObject({
        source: 'custom',
        message: 'the token source returned no text',
      });
    },
  );

  it.each(['', ' \n'])(
    'a source that returns %j is an error',
    async (value) => {
      const credential = new WorkloadIdentity(() => value);
      await expect(authenticate(credential)).rejects.toMatchObject({
        source: 'custom',
        message: 'the platform token is empty',
      });
    },
  );

  it('does not repeat what is no token', async () => {
    const credential = new WorkloadIdentity(() => 'hunter2 hunter2');
    const error: unknown = await authenticate(credential).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(WorkloadIdentityError);
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('hunter2');
      },
    ],
    ['rejects', () => Promise.reject(new Error('hunter2'))],
  ])('a source that %s is an error with its cause', async (_case, source) => {
    const error: unknown = await authenticate(
      new WorkloadIdentity(source),
    ).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(CredentialError);
    expect(error).toMatchObject({
      name: 'WorkloadIdentityError',
      code: 'ERR_WORKLOAD_IDENTITY',
      source: 'custom',
      message: 'the token source failed',
      cause: { message: 'hunter2' },
    });
  });

  it('passes on what a source says itself', async () => {
    const own = new WorkloadIdentityError('fly', 'told so');
    const credential = new WorkloadIdentity(() => Promise.reject(own));
    await expect(authenticate(credential)).rejects.toBe(own);
  });

  it.each([
    [undefined],
    [null],
    ['token'],
    [{}],
    [{ identityToken: 'token' }],
    [() => 'token', { clientId: '' }],
    [() => 'token', { clientId: ' ' }],
    [() => 'token', { clientId: 42 }],
  ])('is not made with %j', (...parameters) => {
    const create = () =>
      Reflect.construct(WorkloadIdentity, parameters) as unknown;
    expect(create).toThrow(WorkloadIdentityConfigurationError);
  });
});
