import { decodeJwt } from 'jose';
import type { Principal } from 'nestjs-keycard';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { base64url } from '../support/token-forge.js';
import { principalOf, SECRET, serviceWith } from './support/exchange-world.js';
import { API, EXCHANGE, startForeignServer } from './support/foreign-server.js';

const GRANT = encodeURIComponent(EXCHANGE);
const TYPE = encodeURIComponent(
  'urn:ietf:params:oauth:token-type:access_token',
);
const RESOURCE = encodeURIComponent(API);

/** It does not verify subject tokens: that is not what is tested. */
const subject = (claims: object) =>
  [
    base64url({ alg: 'none' }),
    base64url({ client_id: 'editor', exp: 4_000_000_000, ...claims }),
    'signature',
  ].join('.');

describe('a foreign authorization server', () => {
  let server: Awaited<ReturnType<typeof startForeignServer>>;
  let ada: Principal;
  const token = subject({ sub: 'ada' });

  beforeAll(async () => {
    server = await startForeignServer();
    ada = principalOf(server.issuer, token);
  });
  beforeEach(() => {
    server.asked.length = 0;
  });
  afterAll(() => server.stop());

  const service = () => serviceWith({ issuer: server.issuer });

  it.each<[string, object, string, object]>([
    [
      'on behalf of the caller',
      { scopes: ['read'] },
      `resource=${RESOURCE}&scope=read&subject_token=${token}&subject_token_type=${TYPE}&grant_type=${GRANT}`,
      { sub: 'ada', aud: API, scope: 'read', act: { sub: 'assistant' } },
    ],
    [
      'with an actor',
      {
        authority: {
          kind: 'caller',
          actor: { token: subject({ sub: 'agent' }) },
        },
      },
      `resource=${RESOURCE}&subject_token=${token}&subject_token_type=${TYPE}&actor_token=${subject({ sub: 'agent' })}&actor_token_type=${TYPE}&grant_type=${GRANT}`,
      { sub: 'ada', aud: API, act: { sub: 'agent' } },
    ],
    [
      'as the application',
      { scopes: ['read'], authority: { kind: 'application' } },
      `resource=${RESOURCE}&scope=read&grant_type=client_credentials`,
      { sub: 'assistant', aud: API, scope: 'read' },
    ],
  ])('issues a token %s', async (_case, grant, form, claims) => {
    const granted = await service().token(ada, { resource: API, ...grant });
    expect(server.asked).toEqual([
      { authorization: `Basic ${btoa(`assistant:${SECRET}`)}`, body: form },
    ]);
    expect(decodeJwt(granted.accessToken)).toMatchObject({
      iss: server.issuer,
      ...claims,
    });
    expect(granted.accessToken).not.toBe(token);
    expect(granted.expiresAt).toBeGreaterThan(Date.now());
  });

  it('says what it refuses', async () => {
    const revoked = principalOf(
      server.issuer,
      subject({ sub: 'ada', revoked: true }),
    );
    const access = await service().exchange(ada, [API, `${API}/`]);
    expect(access.getSuccessfulResources()).toEqual([API]);
    expect(access.getResourceError(`${API}/`)).toMatchObject({
      code: 'invalid_target',
      retryable: false,
    });
    const late = await service().exchange(revoked, [API]);
    expect(late.getResourceError(API)).toMatchObject({
      code: 'invalid_grant',
      retryable: false,
    });
  });

  it('is asked once for equal calls', async () => {
    const one = service();
    await Promise.all(Array.from({ length: 50 }, () => one.token(ada, API)));
    expect(server.asked).toHaveLength(1);
  });
});
