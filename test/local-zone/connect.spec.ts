import { describe, expect, it } from 'vitest';
import {
  HeadlessBrowser,
  LocalZoneError,
  type UserGrant,
} from 'nestjs-keycard/local-zone';
import { useWorld } from './use-world.js';
import { CALENDAR, MCP, VAULT } from './world.js';

const world = await useWorld();

const grantOf = (user: string): UserGrant => ({
  user,
  application: 'app_assistant',
  resource: CALENDAR,
});
const exchange = async (user: string) => {
  const login = await world.zone.login(user, { resource: MCP });
  const answer = await world.api.exchange(login.accessToken, {
    resource: CALENDAR,
  });
  return answer.body['error'] ?? answer.body['scope'];
};

describe('a connect link', () => {
  it('lets the user allow the application to act on the resource', async () => {
    const granted: UserGrant[] = [];
    world.zone.on('granted', (grant) => granted.push(grant));
    expect(await exchange('usr_ada')).toBe('insufficient_authorization');
    const link = world.zone.connectUrl({
      ...grantOf('usr_ada'),
      returnTo: 'http://localhost:39101/after?a=1&b=2',
    });
    const end = await new HeadlessBrowser().walk(link, { user: 'usr_ada' });
    expect(end.text).toContain('<p role="status">');
    expect(end.text).toContain('Access granted');
    expect(end.text).toContain(
      'href="http://localhost:39101/after?a=1&amp;b=2"',
    );
    expect(await exchange('usr_ada')).toBe('events:read events:write');
    const scopes = ['events:read', 'events:write'];
    expect(granted).toEqual([{ ...grantOf('usr_ada'), scopes }]);
    world.zone.revokeGrant(grantOf('usr_ada'));
  });

  it.each([
    ['another user signs in', { user: 'usr_bob', allow: true }],
    ['the user says no', { user: 'usr_ada', allow: false }],
  ])('grants nothing when %s', async (_, options) => {
    const link = world.zone.connectUrl(grantOf('usr_ada'));
    const end = await new HeadlessBrowser().walk(link, options);
    expect(end.text).toContain('Access was not granted');
    expect(await exchange('usr_ada')).toBe('insufficient_authorization');
    expect(await exchange(options.user)).toBe('insufficient_authorization');
  });

  it('may be open to any user', async () => {
    const { user: _, ...anybody } = grantOf('usr_bob');
    const link = world.zone.connectUrl(anybody);
    await new HeadlessBrowser().walk(link, { user: 'usr_bob' });
    expect(await exchange('usr_bob')).toBe('events:read events:write');
    world.zone.revokeGrant(grantOf('usr_bob'));
  });

  it('works for a resource without scopes', async () => {
    const link = world.zone.connectUrl({
      application: 'app_assistant',
      resource: VAULT,
    });
    const end = await new HeadlessBrowser().walk(link, { user: 'usr_ada' });
    expect(end.text).toContain('Access granted');
  });

  it('moves from 127.0.0.1 to the host of the issuer before any cookie', async () => {
    const browser = new HeadlessBrowser();
    const link = world.zone.connectUrl(grantOf('usr_bob'));
    await browser.walk(link.replace('localhost', '127.0.0.1'), {
      user: 'usr_bob',
      allow: false,
    });
    expect(browser.steps[0]).toBe('GET /connect 307');
    expect(browser.steps[1]).toBe('GET /connect 303');
  });

  it.each([
    ['an unknown application', { application: 'x', resource: CALENDAR }],
    ['an unknown resource', { application: 'app_assistant', resource: 'x' }],
    ['no relation', { application: 'app_other', resource: CALENDAR }],
    [
      'a foreign return address',
      {
        application: 'app_assistant',
        resource: CALENDAR,
        return_to: 'https://evil.test',
      },
    ],
    [
      'a script as return address',
      {
        application: 'app_assistant',
        resource: CALENDAR,
        return_to: 'javascript://localhost/%0aalert(1)',
      },
    ],
  ])('with %s leads nowhere', async (_, query) => {
    const parameters = new URLSearchParams(query).toString();
    const url = `${world.zone.issuer}/connect?${parameters}`;
    const { status, text } = await new HeadlessBrowser().walk(url);
    expect(status).toBe(400);
    expect(text).toContain('role="alert"');
  });

  it('has no end without a beginning', async () => {
    const url = `${world.zone.issuer}/connect/done?state=forged&code=x`;
    const { status, text } = await new HeadlessBrowser().walk(url);
    expect(status).toBe(400);
    expect(text).not.toContain('Access granted');
  });

  it.each([
    [{ application: 'app_other', resource: CALENDAR }],
    [{ ...grantOf('nobody') }],
    [{ ...grantOf('usr_ada'), returnTo: 'https://evil.test' }],
  ])('is not built for %j', (link) => {
    expect(() => world.zone.connectUrl(link)).toThrow(LocalZoneError);
  });
});
