import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ClientSecret } from '../../lib/credentials/client-secret.credential.js';
import {
  createHttpFetch,
  exchangeToken,
  OAuthResponseError,
  type ServerMetadata,
  type TokenExchangeParameters,
} from '../../lib/oauth/index.js';
import { TOKEN, ZoneServer } from '../support/zone-server.js';

const GRANT =
  'grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange';
const TYPE = 'urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3A';

let zone: ZoneServer;
beforeAll(async () => {
  zone = await ZoneServer.start();
});
beforeEach(() => zone.reset());
afterAll(() => zone.stop());

function exchange(parameters: Partial<TokenExchangeParameters> = {}) {
  const server = zone.document() as unknown as ServerMetadata;
  return exchangeToken(
    { subjectToken: 'tok', ...parameters },
    {
      server,
      ...new ClientSecret('client', 'secret').identify(server),
      fetch: createHttpFetch(),
    },
  );
}

const issue = (type: unknown) => {
  zone.on(TOKEN, {
    body: {
      access_token: 'issued',
      token_type: 'Bearer',
      issued_token_type: type,
    },
  });
  return exchange();
};

describe('exchangeToken', () => {
  it.each<[string, Partial<TokenExchangeParameters>, string]>([
    [
      'a subject token alone',
      {},
      `subject_token=tok&subject_token_type=${TYPE}access_token&${GRANT}`,
    ],
    [
      'resource and scopes',
      { resource: 'https://a', scopes: ['read:x', 'write'] },
      `resource=https%3A%2F%2Fa&scope=read%3Ax+write&subject_token=tok&subject_token_type=${TYPE}access_token&${GRANT}`,
    ],
    [
      'an identifier that a URL parser would change',
      { resource: 'HTTPS://API.Example.com:443/a/../b?' },
      `resource=HTTPS%3A%2F%2FAPI.Example.com%3A443%2Fa%2F..%2Fb%3F&subject_token=tok&subject_token_type=${TYPE}access_token&${GRANT}`,
    ],
    [
      'an identifier that is no URL',
      { resource: 'urn:api:ü & co' },
      `resource=urn%3Aapi%3A%C3%BC+%26+co&subject_token=tok&subject_token_type=${TYPE}access_token&${GRANT}`,
    ],
    [
      'another type of subject token',
      { subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt' },
      `subject_token=tok&subject_token_type=${TYPE}jwt&${GRANT}`,
    ],
    [
      'a token with characters of its own',
      { subjectToken: 'a+b/c=&d' },
      `subject_token=a%2Bb%2Fc%3D%26d&subject_token_type=${TYPE}access_token&${GRANT}`,
    ],
  ])('the form for %s, byte for byte', async (_case, parameters, body) => {
    await exchange(parameters);
    expect(zone.requests.map((request) => request.body)).toEqual([body]);
  });

  it.each([undefined, []])('scopes %j: no scope at all', async (scopes) => {
    await exchange({ scopes });
    expect(new URLSearchParams(zone.requests[0]!.body).has('scope')).toBe(
      false,
    );
  });

  it('answers the token', async () => {
    expect(await exchange()).toEqual({
      accessToken: 'issued',
      tokenType: 'bearer',
      expiresIn: 300,
      issuedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
    });
  });

  it.each([
    undefined,
    'urn:ietf:params:oauth:token-type:access_token',
    'urn:ietf:params:oauth:token-type:jwt',
  ])('accepts issued token type %s', async (type) => {
    expect((await issue(type)).accessToken).toBe('issued');
  });

  it.each([
    'urn:ietf:params:oauth:token-type:refresh_token',
    'urn:ietf:params:oauth:token-type:id_token',
    'urn:ietf:params:oauth:token-type:saml2',
    'access_token',
    '',
  ])('refuses issued token type %j', async (type) => {
    await expect(issue(type)).rejects.toBeInstanceOf(OAuthResponseError);
  });
});
