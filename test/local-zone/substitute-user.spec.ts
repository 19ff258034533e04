import { describe, expect, it } from 'vitest';
import { TokenType } from 'nestjs-keycard/local-zone';
import { useWorld } from './use-world.js';
import { substituteUser } from './world.js';

const world = await useWorld();

describe('the zone refuses', () => {
  it.each<[string, string]>([
    ['a signature', `${substituteUser('usr_ada')}sig`],
    ['another algorithm', substituteUser('usr_ada', { alg: 'RS256' })],
    ['another type', substituteUser('usr_ada', { alg: 'none', typ: 'JWT' })],
    ['no subject', substituteUser(undefined)],
    ['two segments', substituteUser('usr_ada').split('.', 2).join('.')],
    ['four segments', `${substituteUser('usr_ada')}.`],
    ['text', '%%%.%%%.'],
  ])('a substitute-user token with %s', async (_, subject_token) => {
    const { body } = await world.api.exchange(subject_token, {
      subject_token_type: TokenType.SubstituteUser,
    });
    expect(body).toMatchObject({
      error: 'invalid_request',
      error_description: 'malformed substitute-user token',
    });
  });
});
