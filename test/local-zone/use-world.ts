import { afterAll, afterEach, expect } from 'vitest';
import {
  GrantType,
  TokenType,
  type HeadlessBrowser,
} from 'nestjs-keycard/local-zone';
import {
  ASSISTANT,
  MCP,
  startWorld,
  substituteUser,
  type Form,
  type World,
} from './world.js';

/**
 * One zone for all tests of a file. What a test scripted is gone before the
 * next, and none may leave the zone with a problem.
 */
export async function useWorld(): Promise<World> {
  const world = await startWorld();
  afterEach(() => {
    world.zone.clearScripts();
    world.zone.clearPolicies();
    expect(world.problems).toEqual([]);
  });
  afterAll(() => world.close());
  return world;
}

/** Signs Ada in to the MCP server, for an access token. */
export async function logIn(
  { zone }: World,
  browser?: HeadlessBrowser,
): Promise<string> {
  const options = browser ? { resource: MCP, browser } : { resource: MCP };
  const { accessToken } = await zone.login('usr_ada', options);
  return accessToken;
}

/** The exchanges an application can ask for, when Ada has called it. */
export async function useExchanges(world: World) {
  const { api } = world;
  const userToken = await logIn(world);
  return {
    userToken,
    exchange: (form?: Form, headers?: Form) =>
      api.exchange(userToken, form, headers),
    impersonate: (identifier: unknown, form: Form = {}, headers?: Form) =>
      api.exchange(
        substituteUser(identifier),
        { subject_token_type: TokenType.SubstituteUser, ...form },
        headers,
      ),
    asSelf: (resource: string) =>
      api.token(
        { grant_type: GrantType.ClientCredentials, resource },
        ASSISTANT,
      ),
  };
}
