import { inspect } from 'node:util';
import { IntrinsicException } from '@nestjs/common';
import {
  AccessContext,
  GrantedToken,
  ResourceAccessError,
} from 'nestjs-keycard';
import { describe, expect, it } from 'vitest';

const A = 'https://a.example.test';
const B = 'https://b.example.test';
const SECRET = 'secret-token-value';

const token = (accessToken = SECRET) =>
  new GrantedToken({ accessToken, tokenType: 'bearer' });
const DENIED = { message: 'Token exchange failed', code: 'access_denied' };
const DOWN = { message: 'Token exchange failed', rawError: 'no answer' };
const EXPIRED = { message: 'Sign in again' };

type Step = (access: AccessContext) => void;
const tokenFor =
  (resource: string): Step =>
  (access) =>
    access.setToken(resource, token());
const errorFor =
  (resource: string, error: object = DENIED): Step =>
  (access) =>
    access.setResourceError(resource, error as never);
const failure: Step = (access) => access.setError(EXPIRED);

function build(steps: readonly Step[]): AccessContext {
  const access = new AccessContext();
  for (const step of steps) step(access);
  return access;
}

function outcomeOf(access: AccessContext, resource: string): string {
  try {
    return access.access(resource).accessToken === SECRET ? 'token' : 'other';
  } catch (error) {
    return (error as ResourceAccessError).errorType;
  }
}

interface Expected {
  readonly status: string;
  readonly successful: readonly string[];
  readonly failed: readonly string[];
  /** What `access()` comes to, for A and for B. */
  readonly access: readonly [string, string];
}

const MISSING = 'missing_token';
const GLOBAL = 'global_error';
const FAILED = 'resource_error';

const TRANSITIONS: [string, Step[], Expected][] = [
  [
    'nothing',
    [],
    {
      status: 'success',
      successful: [],
      failed: [],
      access: [MISSING, MISSING],
    },
  ],
  [
    'a token',
    [tokenFor(A)],
    {
      status: 'success',
      successful: [A],
      failed: [],
      access: ['token', MISSING],
    },
  ],
  [
    'an error',
    [errorFor(A)],
    {
      status: 'partial_error',
      successful: [],
      failed: [A],
      access: [FAILED, MISSING],
    },
  ],
  [
    'a token, then an error',
    [tokenFor(A), errorFor(A)],
    {
      status: 'partial_error',
      successful: [],
      failed: [A],
      access: [FAILED, MISSING],
    },
  ],
  [
    'an error, then a token',
    [errorFor(A), tokenFor(A)],
    {
      status: 'success',
      successful: [A],
      failed: [],
      access: ['token', MISSING],
    },
  ],
  [
    'a token and an error',
    [tokenFor(A), errorFor(B)],
    {
      status: 'partial_error',
      successful: [A],
      failed: [B],
      access: ['token', FAILED],
    },
  ],
  [
    'errors only',
    [errorFor(A), errorFor(B)],
    {
      status: 'partial_error',
      successful: [],
      failed: [A, B],
      access: [FAILED, FAILED],
    },
  ],
  [
    'a token, then a failure of all',
    [tokenFor(A), failure],
    { status: 'error', successful: [], failed: [], access: [GLOBAL, GLOBAL] },
  ],
  [
    'a failure of all, then a token',
    [failure, tokenFor(A)],
    { status: 'error', successful: [], failed: [], access: [GLOBAL, GLOBAL] },
  ],
  [
    'a failure of all and an error',
    [errorFor(B), failure],
    { status: 'error', successful: [], failed: [B], access: [GLOBAL, GLOBAL] },
  ],
];

describe('AccessContext', () => {
  it.each(TRANSITIONS)('after %s', (_case, steps, expected) => {
    const access = build(steps);
    expect({
      status: access.getStatus(),
      successful: access.getSuccessfulResources(),
      failed: access.getFailedResources(),
      access: [outcomeOf(access, A), outcomeOf(access, B)],
    }).toEqual(expected);
    expect(access.hasErrors()).toBe(expected.status !== 'success');
    expect(access.hasError()).toBe(expected.status === 'error');
    expect(access.getError()).toEqual(access.hasError() ? EXPIRED : null);
    for (const resource of [A, B]) {
      const hasFailed = expected.failed.includes(resource);
      expect(access.hasResourceError(resource)).toBe(hasFailed);
      expect(access.getResourceError(resource)).toEqual(
        hasFailed ? DENIED : null,
      );
    }
  });

  it('always answers getErrors, with a copy', () => {
    expect(build([]).getErrors()).toEqual({ resources: {}, error: null });
    const access = build([errorFor(A), failure]);
    const errors = access.getErrors();
    expect(errors).toEqual({ resources: { [A]: DENIED }, error: EXPIRED });
    delete (errors.resources as Record<string, unknown>)[A];
    expect(access.hasResourceError(A)).toBe(true);
  });

  it.each([`${A}/`, A.toUpperCase(), '', '__proto__', 'constructor'])(
    'compares resources exactly: %o is another',
    (resource) => {
      expect(outcomeOf(build([tokenFor(A)]), resource)).toBe(MISSING);
    },
  );

  it('replaces an error with a later one', () => {
    const access = build([errorFor(A), errorFor(A, DOWN)]);
    expect(access.getResourceError(A)).toEqual(DOWN);
    expect(access.getFailedResources()).toEqual([A]);
  });

  it.each<[string, Step[], object, string[]]>([
    [
      'of a resource names it and the code',
      [errorFor(A), tokenFor(B)],
      { errorType: FAILED, error: DENIED, availableResources: [B] },
      [A, 'access_denied'],
    ],
    [
      'of a resource without a code names it and what happened',
      [errorFor(A, DOWN)],
      { errorType: FAILED, error: DOWN, availableResources: [] },
      [A, 'Token exchange failed'],
    ],
    [
      'of all says so',
      [tokenFor(A), failure],
      { errorType: GLOBAL, error: EXPIRED, availableResources: [] },
      [A, 'Sign in again'],
    ],
    [
      'of a resource that was not granted lists those that were',
      [tokenFor(B)],
      { errorType: MISSING, error: undefined, availableResources: [B] },
      [A, B, '@Grant'],
    ],
    [
      'where nothing was granted says how to',
      [],
      { errorType: MISSING, error: undefined, availableResources: [] },
      [A, `@Grant('${A}')`],
    ],
  ])('the error %s', (_case, steps, fields, parts) => {
    const access = build(steps);
    let thrown: unknown;
    try {
      access.access(A);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ResourceAccessError);
    expect(thrown).toBeInstanceOf(IntrinsicException);
    expect(thrown).toMatchObject({
      name: 'ResourceAccessError',
      code: 'ERR_RESOURCE_ACCESS',
      resource: A,
      ...fields,
    });
    for (const part of parts) {
      expect((thrown as Error).message).toContain(part);
    }
    expect(inspect(thrown)).not.toContain(SECRET);
  });
});

describe('a token does not show', () => {
  const access = build([tokenFor(A), errorFor(B)]);
  const holders: [string, object][] = [
    ['GrantedToken', access.access(A)],
    ['AccessContext', access],
  ];
  const views: [string, (value: object) => unknown][] = [
    ['JSON.stringify', (value) => JSON.stringify({ value })],
    ['inspect', (value) => inspect(value, { depth: 9, showHidden: true })],
    ['inspect with getters', (value) => inspect(value, { getters: true })],
    ['toString', (value) => (value as { toString(): string }).toString()],
    ['a spread', (value) => inspect({ ...value })],
    ['keys', (value) => Reflect.ownKeys(value).join()],
    ['entries', (value) => inspect(Object.entries(value))],
    ['Object.assign', (value) => inspect(Object.assign({}, value))],
    ['a structured clone', (value) => inspect(structuredClone({ ...value }))],
  ];
  const cases = holders.flatMap(([name, holder]) =>
    views.map(([view, show]) => [name, view, () => show(holder)] as const),
  );

  it.each(cases)('in %s by %s', (_holder, _view, show) => {
    expect(show()).not.toContain(SECRET);
  });

  it('unless it is asked for', () => {
    const granted = access.access(A);
    expect(granted.accessToken).toBe(SECRET);
    expect(granted.authorization).toBe(`Bearer ${SECRET}`);
  });

  it('but status and errors do', () => {
    expect(JSON.parse(JSON.stringify(access))).toEqual({
      status: 'partial_error',
      successful: [A],
      errors: { resources: { [B]: DENIED }, error: null },
    });
  });
});

describe('GrantedToken', () => {
  it('knows what the response told', () => {
    const granted = new GrantedToken(
      {
        accessToken: SECRET,
        tokenType: 'bearer',
        expiresIn: 60,
        scopes: ['a', 'b'],
        refreshToken: 'refresh',
      },
      1_000,
    );
    expect(Object.assign({}, granted)).toEqual({
      tokenType: 'bearer',
      scopes: ['a', 'b'],
      expiresAt: 61_000,
    });
    expect(Object.isFrozen(granted)).toBe(true);
    expect(Object.isFrozen(granted.scopes)).toBe(true);
  });

  it('does not make up what it did not', () => {
    expect(Object.assign({}, token())).toEqual({ tokenType: 'bearer' });
  });
});
