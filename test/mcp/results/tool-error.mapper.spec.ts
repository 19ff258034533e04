import {
  BadRequestException,
  ForbiddenException,
  HttpException,
  NotFoundException,
} from '@nestjs/common';
import {
  InvalidInputError,
  JsonRpcError,
  ResourceAccessError,
} from 'nestjs-keycard';
import { describe, expect, it } from 'vitest';
import { toToolError } from '../../../lib/mcp/results/tool-error.mapper.js';
import { RecordingLogger } from '../../support/boot.js';

const API = 'https://api.example.test';
const HIDDEN = 'list_events failed because of an internal error.';

class Weird extends Error {
  override readonly stack = undefined as never;
}

describe('what a tool threw', () => {
  it.each<[string, unknown, string]>([
    [
      'an HTTP exception',
      new NotFoundException('no such event'),
      'no such event',
    ],
    ['one without a text', new ForbiddenException(), 'Forbidden'],
    ['one with an object', new HttpException({ message: 'told' }, 418), 'told'],
    [
      'one with a list',
      new BadRequestException(['a is wrong', 'b is wrong']),
      'a is wrong; b is wrong',
    ],
    [
      'one with an empty list',
      new BadRequestException([]),
      'Bad Request Exception',
    ],
    ['one with null', new HttpException(null as never, 403), 'Http Exception'],
    [
      'one with a list of odd things',
      new HttpException({ message: [Object.create(null), 'told', 1n] }, 403),
      'told',
    ],
    [
      'an invalid input',
      new InvalidInputError([
        { path: 'max', message: 'must be a number' },
        { path: 'a.b', message: 'is required' },
      ]),
      'Invalid arguments: max: must be a number; a.b: is required',
    ],
    [
      'a denied grant',
      new ResourceAccessError(
        API,
        'resource_error',
        { message: 'm', code: 'access_denied' },
        [],
      ),
      `No access to ${API}: access_denied`,
    ],
  ])('%s is told', (_case, error, expected) => {
    const logger = new RecordingLogger();
    expect(toToolError('list_events', error, logger)).toEqual({
      content: [{ type: 'text', text: expected }],
      isError: true,
    });
    expect(logger.lines).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['an error', new Error('password is pw-1'), 'Error: password is pw-1'],
    ['an error of a class', new TypeError('x is undefined'), 'TypeError: x'],
    ['an error without a trace', new Weird('a'), 'undefined'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a text', 'thrown text', 'thrown text'],
    ['a number', 42, '42'],
    ['a symbol', Symbol('a'), 'Symbol(a)'],
    [
      'an object',
      { headers: { authorization: 'Bearer x' } },
      '[object Object]',
    ],
    ['an object without a prototype', Object.create(null), '[object Object]'],
  ])('%s is logged, not told', (_case, error, logged) => {
    const logger = new RecordingLogger();
    expect(toToolError('list_events', error, logger)).toEqual({
      content: [{ type: 'text', text: HIDDEN }],
      isError: true,
    });
    expect(logger.lines).toHaveLength(1);
    expect(logger.text).toContain('The MCP tool list_events failed');
    expect(logger.text).toContain(logged);
    expect(logger.text).not.toContain('Bearer x');
  });

  it('a JSON-RPC error stays one', () => {
    const error = new JsonRpcError(-32002, 'no such thing', { uri: 'a' });
    const map = () => toToolError('list_events', error, new RecordingLogger());
    expect(map).toThrow(error);
  });
});
