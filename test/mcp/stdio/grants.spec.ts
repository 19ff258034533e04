import { decodeJwt } from 'jose';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile, type CompiledProgram } from './support/compile.js';
import { ProgramProcess } from './support/program-process.js';
import { CALENDAR } from './support/tools.js';

const MCP = 'http://localhost:8000/mcp';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

let program: CompiledProgram;
let zone: LocalZone;

beforeAll(async () => {
  program = await compile();
  const application = (id: string) => ({
    clients: [{ clientId: id, clientSecret: 'secret-value' }],
    dependsOn: [CALENDAR],
  });
  zone = await LocalZone.create()
    .user({ id: 'usr_ada' })
    .user({ id: 'usr_bob' })
    .resource(MCP, { ownedBy: 'assistant' })
    .resource(CALENDAR, { scopes: ['events'] })
    .application('assistant', {
      ...application('assistant'),
      mayImpersonate: true,
    })
    .application('outsider', application('outsider'))
    .grant({ user: 'usr_ada', application: 'assistant', resource: CALENDAR })
    .grant({ user: 'usr_bob', application: 'assistant', resource: CALENDAR })
    .start();
}, 60_000);

afterAll(async () => {
  await zone.stop();
  program[Symbol.dispose]();
});

async function start(
  environment: Record<string, string>,
): Promise<ProgramProcess> {
  const child = ProgramProcess.start({
    script: program.script,
    settings: { module: { resourceUrl: MCP } },
    environment: { KEYCARD_ZONE_URL: zone.issuer, ...environment },
  });
  await child.initialize();
  zone.clearCalls();
  return child;
}

describe('a grant of a local caller', () => {
  it.each(['usr_ada', 'usr_bob'])(
    'is in the name of whom the environment names: %s',
    async (user) => {
      await using child = await start({ KEYCARD_USER_IDENTIFIER: user });
      child.call(1, 'calendar', { _meta: { userIdentifier: 'usr_eve' } });
      const { result } = await child.answerTo(1);
      child.call(2, 'calendar');
      const again = (await child.answerTo(2)).result;
      const [, token] = result.structuredContent.authorization.split(' ');
      expect(decodeJwt(token)).toMatchObject({
        sub: user,
        aud: CALENDAR,
        client_id: 'assistant',
      });
      expect(again).toEqual(result);
      expect(zone.count('token', EXCHANGE)).toBe(1);
    },
    60_000,
  );

  it('is refused where nobody is named, and says what to set', async () => {
    await using child = await start({ KEYCARD_USER_IDENTIFIER: ' ' });
    child.call(1, 'calendar', { _meta: { userIdentifier: 'usr_ada' } });
    const { result } = await child.answerTo(1);
    expect(result.isError).toBe(true);
    expect(result.content[0].text).toContain('Set KEYCARD_USER_IDENTIFIER');
    expect(zone.count('token')).toBe(0);
  }, 60_000);

  it.each([
    [
      'the application may not act for users',
      { KEYCARD_USER_IDENTIFIER: 'usr_ada', KEYCARD_CLIENT_ID: 'outsider' },
    ],
    ['there is no such user', { KEYCARD_USER_IDENTIFIER: 'usr_nobody' }],
  ])(
    'is refused by the zone where %s',
    async (_case, environment) => {
      await using child = await start(environment);
      child.call(1, 'calendar');
      const { result } = await child.answerTo(1);
      expect(result.isError).toBe(true);
      expect(result.content[0].text).toMatch(
        new RegExp(`^No access to ${CALENDAR}: \\w+$`),
      );
      expect(zone.count('token', EXCHANGE)).toBe(1);
    },
    60_000,
  );
});
