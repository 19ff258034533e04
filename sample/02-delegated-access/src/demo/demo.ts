import type { LocalZone } from 'nestjs-keycard/local-zone';
import type { CallJournal } from '../apis/call.journal.js';
import { settings } from '../settings.js';
import { startSystem } from '../system.js';
import { USERS } from '../zone.js';
import { DemoClient } from './demo-client.js';
import type { Narrator } from './narrator.js';
import { ScriptedUser } from './scripted-user.js';

const { mcpUrl, calendarUrl, mailUrl } = settings;
const TOOLS = ['create_event', 'daily_brief', 'list_events', 'whoami'];

/** Plays the whole conversation for both users. */
export async function playDemo(narrator: Narrator): Promise<void> {
  const system = await startSystem();
  const { zone, journal } = system;
  if (!zone || !journal) throw new Error('The demo runs on the local zone.');
  tellExchanges(zone, narrator);
  try {
    for (const user of Object.values(USERS)) {
      narrator.chapter(`${user.name} connects`);
      const person = new ScriptedUser(user.id, narrator);
      const client = new DemoClient(mcpUrl, person, narrator);
      await client.connect();
      await playTools(client, person, user.id, journal, narrator);
      await client.close();
    }
  } finally {
    await system.stop();
  }
}

async function playTools(
  client: DemoClient,
  person: ScriptedUser,
  userId: string,
  journal: CallJournal,
  narrator: Narrator,
): Promise<void> {
  narrator.checkEqual('the tools are listed', await client.listTools(), TOOLS);

  narrator.chapter(`${userId}: whoami`);
  const who = (await client.call('whoami')).structuredContent;
  narrator.tell(`result: ${JSON.stringify(who)}`);
  narrator.checkEqual('it is this user', who?.subject, userId);
  narrator.checkEqual(
    'the token is for the MCP server',
    person.claims.aud,
    mcpUrl,
  );

  narrator.chapter(`${userId}: list_events`);
  const listed = (await client.call('list_events', { max: 2 }))
    .structuredContent;
  narrator.tell(`result: ${JSON.stringify(listed)}`);
  const events = listed?.events as { title: string }[];
  narrator.checkEqual('two events', events?.length, 2);
  narrator.checkEqual(
    'of this user',
    events?.[0]?.title,
    `Stand-up of ${userId}`,
  );
  checkDownstream(journal, person, userId, calendarUrl, narrator);

  narrator.chapter(`${userId}: list_events with a wrong argument`);
  const refused = await client.call('list_events', { max: 500 });
  narrator.tell(`result: ${JSON.stringify(refused.content)}`);
  narrator.check(
    'a tool error names the field',
    refused.isError === true && JSON.stringify(refused.content).includes('max'),
    refused,
  );

  narrator.chapter(`${userId}: daily_brief`);
  const brief = (await client.call('daily_brief')).structuredContent;
  narrator.tell(`result: ${JSON.stringify(brief)}`);
  const failed =
    userId === USERS.ada.id
      ? []
      : [{ resource: mailUrl, code: 'insufficient_authorization' }];
  narrator.checkEqual('what failed is reported', brief?.failed, failed);
  narrator.check('the calendar is there', Array.isArray(brief?.events), brief);
  narrator.checkEqual(
    'mail is there where it was allowed',
    Array.isArray(brief?.messages),
    failed.length === 0,
  );

  narrator.chapter(`${userId}: create_event, which needs another scope`);
  const start = '2026-11-25T10:00:00Z';
  const created = (await client.call('create_event', { title: 'Demo', start }))
    .structuredContent;
  narrator.tell(`result: ${JSON.stringify(created)}`);
  narrator.checkEqual('the event is created', created?.event, {
    title: 'Demo',
    start,
  });
  narrator.check(
    'the client asked for the scope',
    String(person.claims.scope).includes('calendar:write'),
    person.claims.scope,
  );
  checkDownstream(journal, person, userId, calendarUrl, narrator);
}

/** What arrived at the API: a token for itself, another than the caller's. */
function checkDownstream(
  journal: CallJournal,
  person: ScriptedUser,
  userId: string,
  resource: string,
  narrator: Narrator,
): void {
  const entry = journal.entries.at(-1)!;
  narrator.tell(`the API received: ${JSON.stringify(entry)}`);
  narrator.checkEqual('its audience is the API', entry.audience, [resource]);
  narrator.checkEqual('its subject is the user', entry.subject, userId);
  narrator.check(
    "it is not the caller's token",
    typeof entry.tokenId === 'string' && entry.tokenId !== person.claims.jti,
    entry.tokenId,
  );
}

function tellExchanges(zone: LocalZone, narrator: Narrator): void {
  zone.on('issued', ({ grantType, user, resource, scopes }) => {
    if (!grantType.endsWith('token-exchange')) return;
    narrator.tell(
      `zone: exchanged for ${user} at ${resource}, scopes ${scopes.join(' ')}`,
    );
  });
  zone.on('refused', ({ error, description }) =>
    narrator.tell(`zone: refused with ${error}: ${description ?? ''}`),
  );
}
