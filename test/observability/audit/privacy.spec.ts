import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type {
  AuditEvent,
  NewAuditEvent,
} from '../../../lib/observability/audit/audit-event.js';
import { AuditStream } from '../../../lib/observability/audit/audit-stream.js';
import { withoutTokens } from '../../../lib/observability/audit/redaction.js';
import { digestOf } from '../../../lib/observability/audit/token-digest.js';
import { EVENTS, TYPES } from '../support/audit-events.js';

const ALPHABET =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Reproducible: the same numbers for the same seed. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Random = ReturnType<typeof randomNumbers>;

const text = (random: Random, length: number) =>
  Array.from({ length }, () => ALPHABET[random(ALPHABET.length)]).join('');

const encoded = (value: object) =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

function forgeJwt(random: Random): string {
  const header = encoded({ alg: 'RS256', kid: text(random, random(20)) });
  const claims = encoded({ sub: text(random, 1 + random(300)) });
  return `${header}.${claims}.${text(random, 43 + random(300))}`;
}

const WITH_CODE = ['authentication', 'exchange', 'consent', 'tool_call'];

/** What a careless emitter might write, everywhere it could. */
function careless(event: NewAuditEvent, told: string): NewAuditEvent {
  return {
    ...event,
    issuer: told,
    zoneId: told,
    subject: told,
    clientId: told,
    resource: told,
    requestId: told,
    traceId: told,
    actors: [{ subject: told, clientId: told, issuer: told }],
    ...(WITH_CODE.includes(event.type) && { code: told }),
    ...(event.type === 'tool_call' && { name: told }),
    ...(event.type === 'scope_decision' && {
      required: [told],
      missing: [told],
    }),
  };
}

function toldOf(event: NewAuditEvent): AuditEvent {
  const stream = new AuditStream();
  let told: AuditEvent | undefined;
  stream.subscribe((one) => {
    told = one;
  });
  stream.emit(event);
  return told!;
}

describe('the digest of a token', () => {
  it('is the start of its SHA-256', () => {
    const whole = createHash('sha256').update('a token').digest('hex');
    expect(digestOf('a token')).toBe(whole.slice(0, 8));
    expect(digestOf('another')).not.toBe(digestOf('a token'));
  });

  it('is all that an event tells of any token', () => {
    const random = randomNumbers(20_260_728);
    for (let round = 0; round < 300; round += 1) {
      const token =
        round % 2 === 0 ? forgeJwt(random) : text(random, 9 + random(200));
      const event = EVENTS[TYPES[random(TYPES.length)]!];
      const told = toldOf({ ...event, tokenDigest: digestOf(token) });
      expect(told.tokenDigest).toMatch(/^[0-9a-f]{8}$/);
      expect(JSON.stringify(told)).not.toContain(token);
    }
  });
});

describe('an event', () => {
  it('holds no JWT, whatever an emitter writes into it', () => {
    const random = randomNumbers(4);
    const frames = [
      (token: string) => token,
      (token: string) => `Bearer ${token}`,
      (token: string) => `https://a.example.com/?access_token=${token}`,
      (token: string) => `invalid: "${token}".`,
      (token: string) => `${'x'.repeat(random(600))}${token}`,
      (token: string) => `sub${token}`,
    ];
    for (let round = 0; round < 300; round += 1) {
      const token = forgeJwt(random);
      const [header, claims, signature] = token.split('.');
      const frame = frames[random(frames.length)]!;
      const event = EVENTS[TYPES[random(TYPES.length)]!];
      const told = JSON.stringify(toldOf(careless(event, frame(token))));
      for (const part of [header!, claims!, signature!]) {
        expect(told).not.toContain(part);
      }
      expect(told).toMatch(/\[redacted\]|…/);
    }
  });

  it.each([
    ['Bearer 2YotnFZFEjr1zCsicMWpAA', 'Bearer [redacted]'],
    ['DPoP 2YotnFZFEjr1zCsicMWpAA', 'DPoP [redacted]'],
    ['Authorization: Basic czZCaGRSa3F0', 'Authorization: Basic [redacted]'],
    ['calendar:read', 'calendar:read'],
    ['https://calendar.example.com/v1', 'https://calendar.example.com/v1'],
    ['eyJ', 'eyJ'],
  ])('says of %j: %j', (written, told) => {
    expect(toldOf({ ...EVENTS.consent, code: written })).toMatchObject({
      code: told,
    });
  });

  it('is short, however much was written', () => {
    const told = toldOf({ ...EVENTS.consent, subject: 'x'.repeat(100_000) });
    expect(told.subject).toBe(`${'x'.repeat(512)}…`);
  });

  it('is a copy: what was written stays as it was', () => {
    const written = { names: ['Bearer 2YotnFZFEjr1zCsicMWpAA'] };
    expect(withoutTokens(written)).toEqual({ names: ['Bearer [redacted]'] });
    expect(written.names).toEqual(['Bearer 2YotnFZFEjr1zCsicMWpAA']);
  });
});
