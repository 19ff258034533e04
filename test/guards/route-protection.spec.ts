import type { ExecutionContext } from '@nestjs/common';
import {
  KeycardAuthGuard,
  Protected,
  Public,
  RequireScopes,
} from 'nestjs-keycard';
import { describe, expect, it } from 'vitest';
import {
  protectionOf,
  type ProtectMode,
} from '../../lib/guards/route-protection.js';

class Shared {
  read(this: void) {}
}

class Open extends Shared {}

@Protected()
class Closed extends Shared {}

@Public()
class Published extends Shared {}

@RequireScopes('admin')
class Administered extends Shared {}

const contextOf = (type: typeof Shared) =>
  ({
    getHandler: () => Shared.prototype.read,
    getClass: () => type,
  }) as unknown as ExecutionContext;

describe('one method of several classes', () => {
  // Twice: what was found out once is remembered.
  it.each<[typeof Shared, ProtectMode, boolean, string[]]>(
    [1, 2].flatMap(() => [
      [Open, 'declared', false, []],
      [Open, 'all', true, []],
      [Closed, 'declared', true, []],
      [Closed, 'all', true, []],
      [Published, 'declared', false, []],
      [Published, 'all', false, []],
      [Administered, 'declared', true, ['admin']],
      [Administered, 'all', true, ['admin']],
    ]),
  )('%o, %s', (type, mode, isProtected, scopes) => {
    expect(protectionOf(contextOf(type), mode, KeycardAuthGuard)).toEqual({
      isProtected,
      scopes,
      toolScopes: [],
    });
  });
});
