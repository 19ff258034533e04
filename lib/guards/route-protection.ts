import type { ExecutionContext, Type } from '@nestjs/common';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import { grantsOf } from '../delegation/grant.decorator.js';
import { PROTECTED_METADATA } from './decorators/protected.decorator.js';
import { PUBLIC_METADATA } from './decorators/public.decorator.js';
import { scopesOf } from './decorators/require-scopes.decorator.js';
import {
  toolScopesOf,
  type ToolScopes,
} from './decorators/require-tool-scopes.decorator.js';

/** What a route demands of its callers. */
export interface RouteProtection {
  readonly isProtected: boolean;
  readonly scopes: readonly string[];
  /** Of the tools that the messages to the route call. */
  readonly toolScopes: readonly ToolScopes[];
}

/**
 * `declared`: routes that say so are protected, importing the module locks
 * nothing else. `all`: every route is, unless it is public.
 */
export type ProtectMode = 'declared' | 'all';

// What decorators say does not change. A method may be inherited, and its
// classes protected differently.
type Protections = WeakMap<object, WeakMap<object, RouteProtection>>;
const known = new WeakMap<Type, Record<ProtectMode, Protections>>();

/** A handler of HTTP requests, or of something else. */
export type Route = Pick<ExecutionContext, 'getHandler' | 'getClass'>;

/**
 * Reads from its decorators what a route demands.
 *
 * @param guard protects a route that lists it, or a class that extends it
 */
export function protectionOf(
  context: Route,
  mode: ProtectMode,
  guard: Type,
): RouteProtection {
  const ofHandler = knownOf(guard, mode, context.getHandler());
  const type = context.getClass();
  let protection = ofHandler.get(type);
  if (!protection) {
    protection = readProtection(context, mode, guard);
    ofHandler.set(type, protection);
  }
  return protection;
}

function knownOf(
  guard: Type,
  mode: ProtectMode,
  handler: object,
): WeakMap<object, RouteProtection> {
  let ofGuard = known.get(guard);
  if (!ofGuard) {
    ofGuard = { declared: new WeakMap(), all: new WeakMap() };
    known.set(guard, ofGuard);
  }
  let ofHandler = ofGuard[mode].get(handler);
  if (!ofHandler) {
    ofHandler = new WeakMap();
    ofGuard[mode].set(handler, ofHandler);
  }
  return ofHandler;
}

function readProtection(
  context: Route,
  mode: ProtectMode,
  guard: Type,
): RouteProtection {
  const subjects = [context.getHandler(), context.getClass()];
  const declared = subjects.map((subject) => scopesOf(subject));
  const scopes = [...new Set(declared.flatMap((list) => list ?? []))];
  const toolScopes = subjects
    .map((subject) => toolScopesOf(subject))
    .filter((one) => one !== undefined);
  const isDeclared =
    declared.some((list) => list !== undefined) ||
    toolScopes.length > 0 ||
    grantsOf(context.getHandler()).length > 0 ||
    subjects.some((subject) => isMarked(subject, guard));
  if (isDeclared) {
    return { isProtected: !isOpened(context, guard), scopes, toolScopes };
  }
  const isPublic = subjects.some((subject) => has(PUBLIC_METADATA, subject));
  return { isProtected: mode === 'all' && !isPublic, scopes, toolScopes };
}

/** A public method in a protected controller is public; a grant never is. */
function isOpened(context: Route, guard: Type): boolean {
  const handler = context.getHandler();
  const needsCaller =
    scopesOf(handler) !== undefined ||
    toolScopesOf(handler) !== undefined ||
    isMarked(handler, guard) ||
    grantsOf(handler).length > 0;
  return has(PUBLIC_METADATA, handler) && !needsCaller;
}

function isMarked(subject: object, guard: Type): boolean {
  return has(PROTECTED_METADATA, subject) || lists(subject, guard);
}

function lists(subject: object, guard: Type): boolean {
  const guards = Reflect.getMetadata(GUARDS_METADATA, subject) as
    readonly (Type | object)[] | undefined;
  return (guards ?? []).some(
    (one) =>
      one === guard ||
      one instanceof guard ||
      (typeof one === 'function' && one.prototype instanceof guard),
  );
}

function has(key: string, subject: object): boolean {
  return Reflect.getMetadata(key, subject) === true;
}
