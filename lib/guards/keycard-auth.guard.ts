import {
  Inject,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { ResourceTarget } from '../verification/protected-resource.js';
import { principalOfContext } from '../verification/request-principal.js';
import { announceRefusal } from './announce-refusal.js';
import { scopesOfMessages } from './called-tools.js';
import { InsufficientScopeException } from './exceptions/insufficient-scope.exception.js';
import { KEYCARD_GUARD_DEPENDENCIES } from './guards.constants.js';
import { NOT_A_REQUEST } from './guards.messages.js';
import type { HttpRequest } from './http-request.js';
import type { RequestAdmission } from './request-admission.js';
import {
  protectionOf,
  type ProtectMode,
  type RouteProtection,
} from './route-protection.js';
import type { ScopePolicy } from './scope-policy.js';

/** What the guard works with. */
export interface KeycardAuthGuardDependencies {
  readonly admission: RequestAdmission;
  readonly scopePolicy: ScopePolicy;
  readonly protect: ProtectMode;
}

/** The guard, or a class that extends it. */
export type KeycardAuthGuardType = new (
  dependencies: KeycardAuthGuardDependencies,
) => KeycardAuthGuard;

/**
 * Lets callers in who carry a valid access token for the resource the route
 * belongs to, with the scopes the route demands. Registered globally by
 * {@link KeycardModule}; routes without one of our decorators pass, unless
 * `protect` is `all`. Extend it, and name your class with the option `guard`.
 * To list it with `@UseGuards()` is not necessary; it protects like
 * {@link Protected}.
 *
 * @publicApi
 */
export class KeycardAuthGuard implements CanActivate {
  constructor(
    // Also for `@UseGuards(KeycardAuthGuard)`, where nobody makes it but Nest.
    @Inject(KEYCARD_GUARD_DEPENDENCIES)
    private readonly dependencies: KeycardAuthGuardDependencies,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { protect } = this.dependencies;
    const protection = protectionOf(context, protect, KeycardAuthGuard);
    const isCall = this.isAllowedCall(context, protection.scopes);
    if (isCall !== undefined) return isCall;
    if (!protection.isProtected) return true;
    const request = this.getRequest(context);
    try {
      await this.admit(context, request, protection);
      return true;
    } catch (error) {
      announceRefusal(context, error);
      throw error;
    }
  }

  /** The HTTP request of a context. Override it for GraphQL or WebSockets. */
  protected getRequest(context: ExecutionContext): HttpRequest {
    const request: HttpRequest | undefined = context
      .switchToHttp()
      .getRequest();
    // What a message of another transport calls its headers are none.
    const isHttp = context.getType() === 'http';
    if (!isHttp || !request?.headers) throw new TypeError(NOT_A_REQUEST);
    return request;
  }

  /** Which resource the token must be meant for. */
  protected getTarget(
    _context: ExecutionContext,
    request: HttpRequest,
  ): ResourceTarget {
    return this.dependencies.admission.targetOf(request);
  }

  private async admit(
    context: ExecutionContext,
    request: HttpRequest,
    { scopes, toolScopes }: RouteProtection,
  ): Promise<void> {
    const { admission } = this.dependencies;
    const target = this.getTarget(context, request);
    await admission.admit(request, target, {
      scopes,
      subject: subjectOf(context, request),
      isLasting: context.getType() !== 'http',
    });
    const needed = scopesOfMessages(request, toolScopes);
    if (needed.length > 0) admission.demand(request, needed);
  }

  /**
   * Calls of tools were authenticated before they got here: by our endpoint, or
   * on the HTTP request that another module has them from. `undefined`: this is
   * none.
   */
  private isAllowedCall(
    context: ExecutionContext,
    scopes: readonly string[],
  ): boolean | undefined {
    const type = context.getType<string>();
    if (type !== 'mcp' && type !== 'rpc') return undefined;
    const principal = principalOfContext(context);
    if (!principal) return type === 'mcp' ? false : undefined;
    if (this.dependencies.scopePolicy.permits(principal, scopes)) return true;
    throw new InsufficientScopeException(scopes);
  }
}

/** What the caller is remembered by: never an object that requests share. */
function subjectOf(context: ExecutionContext, request: HttpRequest): object {
  // The first argument of a resolver is data, which may serve other callers.
  if (context.getType<string>() === 'graphql') return request;
  return context.getArgByIndex<object | undefined>(0) ?? request;
}
