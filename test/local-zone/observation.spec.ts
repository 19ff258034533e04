import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  GrantType,
  type RecordedCall,
  type ZoneLogin,
  type ZoneRefusal,
} from 'nestjs-keycard/local-zone';
import { logIn, useWorld } from './use-world.js';
import { ASSISTANT, CALENDAR, CLIENT_SECRET, MCP, WEATHER } from './world.js';

const world = await useWorld();

describe('script', () => {
  it('plays an answer once, then the zone answers itself', async () => {
    const subject = await logIn(world);
    world.zone.script('token', {
      status: 503,
      contentType: 'text/html',
      headers: { 'retry-after': '7' },
      body: '<h1>busy</h1>',
    });
    const busy = await world.api.exchange(subject);
    expect(busy.status).toBe(503);
    expect(busy.headers.get('content-type')).toBe('text/html');
    expect(busy.headers.get('retry-after')).toBe('7');
    expect(busy.body).toEqual({ text: '<h1>busy</h1>' });
    expect((await world.api.exchange(subject)).status).toBe(200);
  });

  it('plays answers in order, each as often as it says', async () => {
    const subject = await logIn(world);
    world.zone
      .script('token', { status: 500, times: 2 })
      .script('token', { status: 429, body: { error: 'slow_down' } });
    const answers = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      answers.push(await world.api.exchange(subject));
    }
    expect(answers.map(({ status }) => status)).toEqual([500, 500, 429, 200]);
    expect(answers[0]?.body).toEqual({ error: 'server_error' });
    expect(answers[2]?.body).toEqual({ error: 'slow_down' });
  });

  it('leaves other kinds of requests alone', async () => {
    world.zone.script('jwks', { status: 500 });
    const subject = await logIn(world);
    expect((await world.api.exchange(subject)).status).toBe(200);
    expect((await fetch(world.zone.jwksUri)).status).toBe(500);
  });

  it('delays the answer of the zone', async () => {
    const subject = await logIn(world);
    world.zone.script('token', { delay: 20 });
    expect((await world.api.exchange(subject)).status).toBe(200);
  });

  it('can be cleared', async () => {
    world.zone.script('jwks', { status: 500 }).clearScripts();
    expect((await fetch(world.zone.jwksUri)).status).toBe(200);
  });
});

describe('calls', () => {
  it('are counted by kind and grant type', async () => {
    const subject = await logIn(world);
    world.zone.clearCalls();
    await world.api.exchange(subject);
    await world.api.exchange(subject, { resource: 'https://nope.test' });
    await world.api.token({ grant_type: 'password' }, ASSISTANT);
    expect(world.zone.count('token')).toBe(3);
    expect(world.zone.count('token', GrantType.TokenExchange)).toBe(2);
    expect(world.zone.count('token', GrantType.RefreshToken)).toBe(0);
    expect(world.zone.count('registration')).toBe(0);
    expect(world.zone.calls.map(({ status }) => status)).toEqual([
      200, 400, 400,
    ]);
  });

  it('keep the request, and hide its secrets when printed', async () => {
    const subject = await logIn(world);
    world.zone.clearCalls();
    await world.api.exchange(subject, { client_secret: CLIENT_SECRET }, {});
    await world.api.exchange(subject);
    const call = world.zone.calls[1] as RecordedCall;
    expect(call.form).toMatchObject({
      subject_token: subject,
      resource: WEATHER,
    });
    expect(call.headers.authorization).toBe(ASSISTANT.authorization);
    expect(call.redacted).toMatchObject({
      kind: 'token',
      method: 'POST',
      status: 200,
      form: { subject_token: '[redacted]', resource: WEATHER },
      headers: { authorization: '[redacted]' },
    });
    const { calls } = world.zone;
    for (const text of [inspect(calls), JSON.stringify(calls)]) {
      expect(text).not.toContain(subject);
      expect(text).not.toContain(CLIENT_SECRET);
      expect(text).not.toContain(ASSISTANT.authorization);
    }
  });

  it('have their query', async () => {
    world.zone.clearCalls();
    await logIn(world);
    const call = world.zone.calls.find(({ kind }) => kind === 'authorize');
    expect(call?.query).toMatchObject({ resource: MCP });
  });
});

describe('on', () => {
  it('tells of calls, logins and refusals', async () => {
    const calls: RecordedCall[] = [];
    const logins: ZoneLogin[] = [];
    const refusals: ZoneRefusal[] = [];
    world.zone
      .on('call', (call) => calls.push(call))
      .on('login', (login) => logins.push(login))
      .on('refused', (refusal) => refusals.push(refusal));
    const subject = await logIn(world);
    await world.api.exchange(subject, { resource: CALENDAR });
    expect(logins).toEqual([
      { user: 'usr_ada', clientId: expect.stringMatching(/^dcr_/) as string },
    ]);
    expect(refusals).toMatchObject([
      { at: 'grant', error: 'insufficient_authorization' },
    ]);
    expect(calls.at(-1)).toMatchObject({ kind: 'token', status: 400 });
  });
});
