import { gzipSync } from 'node:zlib';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
} from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { rawRequest } from '../support/raw-request.js';
import { exchange, head } from './support/connection.js';
import { echoed } from './support/isolation-tools.js';
import { IsolationWorld } from './support/isolation-world.js';
import { ERAS, nested, type WireEra } from './support/raw-message.js';

const BODY_LIMIT = 1_000_000;
const DEEP = 100_000;

const PARSE_ERROR = [400, -32700, null];
const NO_MESSAGE = [400, -32600, null];
const LARGE = 'x'.repeat(BODY_LIMIT);

/** What is no message at all: status, code and id of the answer. */
const REFUSED: [string, (era: WireEra) => string | Buffer, unknown[]][] = [
  ['nothing', () => '', PARSE_ERROR],
  ['null', () => 'null', NO_MESSAGE],
  ['a number', () => '5', NO_MESSAGE],
  ['a text', () => '"text"', NO_MESSAGE],
  ['an empty object', () => '{}', NO_MESSAGE],
  ['an empty list', () => '[]', NO_MESSAGE],
  ['lists in each other', () => nested(DEEP, 'list'), NO_MESSAGE],
  ['objects in each other', () => nested(DEEP), NO_MESSAGE],
  ['a batch in a batch', ({ message }) => `[[${message()}]]`, NO_MESSAGE],
  ['what is not JSON', ({ message }) => `${message()},`, PARSE_ERROR],
  ['a number that is none', () => 'NaN', PARSE_ERROR],
  ['a byte order mark', ({ message }) => `\ufeff${message()}`, PARSE_ERROR],
  ['UTF-16', ({ message }) => Buffer.from(message(), 'utf16le'), PARSE_ERROR],
  [
    'bytes that are no UTF-8',
    ({ message }) =>
      Buffer.from(message({ input: '{"nonce":"\xff"}' }), 'latin1'),
    PARSE_ERROR,
  ],
  ...['null', 'true', '{}', '[1]', '1e400'].map(
    (id): [string, (era: WireEra) => string, unknown[]] => [
      `the id ${id}`,
      ({ message }) => message({ id }),
      NO_MESSAGE,
    ],
  ),
  ...['null', '5', '{}', '["tools/call"]'].map(
    (method): [string, (era: WireEra) => string, unknown[]] => [
      `the method ${method}`,
      ({ message }) => message({ method }),
      [400, -32600, 1],
    ],
  ),
  ['too much', ({ message }) => message() + LARGE, [413, -32000, null]],
];

/** What is unusual, and whether the tool runs nevertheless. */
const UNUSUAL: [string, (era: WireEra) => string, boolean][] = [
  ['an id that is empty', ({ message }) => message({ id: '""' }), true],
  [
    'an id of many characters',
    ({ message }) => message({ id: `"${'i'.repeat(100_000)}"` }),
    true,
  ],
  [
    'deep arguments',
    ({ message }) => message({ input: `{"nonce":${nested(DEEP)}}` }),
    false,
  ],
  [
    'deep arguments that nobody asked for',
    ({ message }) =>
      message({ input: `{"nonce":"x","more":${nested(DEEP, 'list')}}` }),
    false,
  ],
  [
    'deep arguments with a state to compare them with',
    ({ message }) =>
      message({
        input: `{"nonce":"x","more":${nested(DEEP)}}`,
        params: ',"requestState":"e30"',
      }),
    false,
  ],
  [
    'deep parameters',
    ({ message }) => message({ params: `,"more":${nested(DEEP)}` }),
    true,
  ],
  [
    'deep metadata',
    ({ message }) => message({ meta: `,"more":${nested(DEEP, 'list')}` }),
    true,
  ],
  [
    'deep answers to questions',
    ({ message }) =>
      message({ params: `,"inputResponses":{"a":${nested(DEEP)}}` }),
    true,
  ],
  [
    'numbers beyond all measure',
    ({ message }) =>
      message({
        input: `{"nonce":"x","more":[1e999,-1e999,${'9'.repeat(1e5)}]}`,
      }),
    true,
  ],
  [
    'ten thousand keys',
    ({ message }) => {
      const keys = Array.from({ length: 10_000 }, (_, key) => `,"k${key}":1`);
      const all = keys.join('');
      return message({ input: `{"nonce":"x"${all}}`, meta: all, params: all });
    },
    true,
  ],
  [
    'a tool with a name of many characters',
    ({ message }) => message({ name: `"${'n'.repeat(100_000)}"` }),
    false,
  ],
  [
    'a method with a name of many characters',
    ({ message }) => message({ method: `"${'m'.repeat(100_000)}"` }),
    false,
  ],
  [
    '__proto__ in the arguments',
    ({ message }) =>
      message({ input: '{"nonce":"x","__proto__":{"polluted":1}}' }),
    false,
  ],
  ...['__proto__', 'constructor', 'prototype', 'toString'].flatMap((key) =>
    (['params', 'meta'] as const).map(
      (place): [string, (era: WireEra) => string, boolean] => [
        `${key} in the ${place}`,
        ({ message }) =>
          message({
            [place]: `,"${key}":{"polluted":1,"prototype":{"polluted":1}}`,
          }),
        true,
      ],
    ),
  ),
  [
    'constructor in the arguments',
    ({ message }) =>
      message({
        input: '{"nonce":"x","constructor":{"prototype":{"polluted":1}}}',
      }),
    true,
  ],
];

/** Media types and encodings: what is not UTF-8 as it is. */
const MEDIA: [Record<string, string>, number][] = [
  [{ 'content-type': 'application/json; charset=utf-8' }, 200],
  [{ 'content-type': 'application/json;charset="UTF8"' }, 200],
  [{ 'content-type': 'application/json; charset=us-ascii; a=b' }, 200],
  [{ 'content-type': 'application/json; charset=utf-16' }, 415],
  [{ 'content-type': 'application/json; a=b; charset = iso-8859-1' }, 415],
  [{ 'content-type': 'application/json; charset=' }, 415],
  [{ 'content-type': 'text/plain' }, 415],
  [{ 'content-encoding': 'identity' }, 200],
  [{ 'content-encoding': 'gzip' }, 415],
  [{ 'content-encoding': 'br, gzip' }, 415],
];

describe.each(ADAPTERS)('a body on %s', (_name, createAdapter) => {
  let world: IsolationWorld;
  let logged: number;

  beforeAll(async () => {
    world = await IsolationWorld.start(createAdapter(), {
      mcp: { bodyLimit: BODY_LIMIT },
    });
  });
  afterAll(() => world.stop());
  beforeEach(() => {
    echoed.length = 0;
    logged = world.logger.lines.length;
  });

  describe.each(ERAS)('of revision %s', (_revision, era) => {
    const send = async (
      body: string | Buffer,
      headers: Record<string, string> = {},
    ) => {
      const answer = await rawRequest(world.url, {
        body,
        headers: { ...era.headers, ...world.bearer(), ...headers },
      });
      return { ...answer, json: JSON.parse(answer.text) };
    };

    // Whatever it was: others are served, and nobody filled the log.
    afterEach(async () => {
      expect((await send(era.message())).json.result.isError).toBeUndefined();
      expect({}).not.toHaveProperty('polluted');
      expect(world.logger.lines.slice(logged)).toEqual([]);
      await world.expectIdle();
    });

    it.each(REFUSED)('is refused: %s', async (_what, bodyOf, expected) => {
      const { status, headers, json } = await send(bodyOf(era));
      expect(headers['content-type']).toBe('application/json');
      expect([status, json.error.code, json.id]).toEqual(expected);
      expect(echoed).toEqual([]);
    });

    it.each(UNUSUAL)('with %s does no harm', async (_what, bodyOf, runs) => {
      const { status, json } = await send(bodyOf(era));
      expect(status).toBeLessThan(500);
      expect(json.error?.code).not.toBe(-32603);
      const isAnswered = json.result !== undefined && !json.result.isError;
      expect(isAnswered).toBe(runs);
      expect(echoed).toEqual(runs ? [{ nonce: 'x' }] : []);
    });

    it.each(MEDIA)('with %j gets %i', async (headers, expected) => {
      const {
        status,
        json,
        headers: answered,
      } = await send(era.message(), headers);
      expect(status).toBe(expected);
      if (expected === 200) return;
      expect(json).toMatchObject({ id: null, error: { code: -32000 } });
      expect(answered['accept-encoding']).toBe('identity');
      expect(echoed).toEqual([]);
    });

    it('is not decompressed', async () => {
      const bomb = gzipSync(era.message() + ' '.repeat(10_000_000));
      const { status } = await send(bomb, { 'content-encoding': 'gzip' });
      expect(status).toBe(415);
      expect(echoed).toEqual([]);
    });

    it('means the same to the gate and to the tool', async () => {
      const name = '"guarded","name":"echo"';
      const { json } = await send(era.message({ name }));
      expect(json.result.isError).toBeUndefined();
      const other = era.message({ name: '"echo","name":"guarded"' });
      const refused = await send(other, { 'mcp-name': 'guarded' });
      expect(refused.status).toBe(403);
      expect(echoed).toEqual([{ nonce: 'x' }]);
    });

    it('may be split anywhere', async () => {
      const nonce = 'zażółć 🦜 ok';
      const body = Buffer.from(
        era.message({ input: JSON.stringify({ nonce }) }),
      );
      const start = head(world.url, 'POST', {
        ...era.headers,
        ...world.bearer(),
        connection: 'close',
        'content-length': body.length,
      });
      const from = body.indexOf('zażółć');
      const to = body.indexOf(' ok');
      for (let cut = from; cut <= to; cut += 1) {
        const { json } = await exchange(
          world.url,
          start,
          body.subarray(0, cut),
          body.subarray(cut),
        );
        expect(json.result.structuredContent.nonce).toBe(nonce);
      }
    });
  });
});
