import type { McpEventStore, SessionOptions } from 'nestjs-keycard';
import { describe, expect, it } from 'vitest';
import { createSessionConfig } from '../../lib/options/session-config.factory.js';

const SECRET = 'a-secret-of-more-than-32-characters';
const store: McpEventStore = {
  append: () => {},
  readAfter: () => undefined,
  forget: () => {},
};
const revocations = {
  get: async () => undefined,
  set: async () => true,
  delete: async () => true,
};

describe('the settings of sessions', () => {
  it('are on, resumable in memory, and of this process', () => {
    expect(createSessionConfig(undefined)).toEqual({
      idleTimeout: 600_000,
      maxSessions: 10_000,
      maxSessionsPerCaller: 100,
      resumption: {
        store: {
          maxEvents: 1000,
          maxBytes: 4_194_304,
          maxTotalBytes: 67_108_864,
          maxAge: 300_000,
        },
        retryInterval: undefined,
        primeInterval: 1000,
      },
      sharing: undefined,
    });
  });

  it.each<[SessionOptions | false, object | false]>([
    [false, false],
    [{ resumption: false }, { resumption: false }],
    [{ resumption: true }, createSessionConfig({})],
    [
      { resumption: { maxEvents: 5, retryInterval: 0 } },
      {
        resumption: {
          store: { maxEvents: 5, maxBytes: 4_194_304 },
          retryInterval: 0,
        },
      },
    ],
    [{ resumption: { store } }, { resumption: { store } }],
    [
      { secret: SECRET },
      { sharing: { secret: [SECRET], lifetime: 86_400_000 } },
    ],
    [
      { secret: [SECRET, SECRET], lifetime: 60_000, revocations },
      {
        sharing: {
          secret: [SECRET, SECRET],
          lifetime: 60_000,
          store: revocations,
        },
      },
    ],
  ])('are taken from %j', (options, expected) => {
    const config = createSessionConfig(options);
    if (expected === false) expect(config).toBe(false);
    else expect(config).toMatchObject(expected);
  });

  it.each<[string, SessionOptions, string]>([
    ['a short secret', { secret: 'short' }, 'mcp.sessions.secret'],
    ['a blank secret', { secret: '' }, 'mcp.sessions.secret'],
    ['no secret', { secret: [] }, 'mcp.sessions.secret'],
    [
      'a short one among secrets',
      { secret: [SECRET, 'short'] },
      'mcp.sessions.secret',
    ],
    ['a lifetime without a secret', { lifetime: 1 }, 'mcp.sessions.lifetime'],
    [
      'revocations without a secret',
      { revocations },
      'mcp.sessions.revocations',
    ],
    [
      'a lifetime without an end',
      { secret: SECRET, lifetime: Infinity },
      'mcp.sessions.lifetime',
    ],
    [
      'a negative limit',
      { resumption: { maxBytes: -1 } },
      'mcp.sessions.resumption.maxBytes',
    ],
    [
      'an age in words',
      { resumption: { maxAge: '5m' as never } },
      'mcp.sessions.resumption.maxAge',
    ],
    [
      'limits of a store of your own',
      { resumption: { store, maxAge: 1 } },
      'maxAge',
    ],
    [
      'half a millisecond',
      { resumption: { retryInterval: 0.5 } },
      'retryInterval',
    ],
    [
      'what would be more than a number',
      { resumption: { retryInterval: '1\ndata: x' as never } },
      'retryInterval',
    ],
  ])('are not: %s', (_case, options, message) => {
    expect(() => createSessionConfig(options)).toThrow(message);
    expect(() => createSessionConfig(options)).not.toThrow(SECRET);
  });
});
