import { describe, expect, it } from 'vitest';
import { actorsOf } from '../../../lib/observability/audit/actor-chain.js';
import { subjectOf } from '../../../lib/observability/audit/audit-subject.js';

describe('the actors of a token', () => {
  it.each([undefined, null, 'agent', 7, []])('are none in %j', (act) => {
    expect(actorsOf(act)).toBeUndefined();
  });

  it('come with the current one first', () => {
    const act = {
      sub: 'agent-2',
      client_id: 'two',
      iss: 'https://zone.example.com',
      act: { sub: 'agent-1', act: 'not an actor' },
    };
    expect(actorsOf(act)).toEqual([
      {
        subject: 'agent-2',
        clientId: 'two',
        issuer: 'https://zone.example.com',
      },
      { subject: 'agent-1' },
    ]);
  });

  it('are named only by texts', () => {
    expect(actorsOf({ sub: 7, client_id: {}, iss: null })).toEqual([{}]);
  });

  it('are cut when there is no end of them', () => {
    const act: Record<string, unknown> = { sub: 'loop' };
    act.act = act;
    expect(actorsOf(act)).toHaveLength(8);
  });
});

describe('the subject of an event', () => {
  const CALLER = {
    issuer: 'https://zone.example.com',
    subject: 'alice',
    clientId: 'client',
  };

  it('names the caller and nothing that is not known', () => {
    expect(subjectOf({ ...CALLER, claims: {} })).toStrictEqual(CALLER);
  });

  it('names the zone and who acts for the caller', () => {
    const caller = {
      ...CALLER,
      zoneId: 'a',
      claims: { act: { sub: 'agent' } },
    };
    expect(subjectOf(caller)).toEqual({
      ...CALLER,
      zoneId: 'a',
      actors: [{ subject: 'agent' }],
    });
  });
});
