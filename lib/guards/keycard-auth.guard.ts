import {
  Inject,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { ResourceTarget } from '../verification/protected-resource.js';
import { principalOfContext } from '../verification/request-principal.js';
import { scopesOfMessages } from './called-tools.js';
import { InsufficientScopeException } from './exceptions/insufficient-scope.exception.js';
import { KEYCARD_GUARD_DEPENDENCIES } from './guards.constants.js';
import { NOT_A_REQUEST } from './guards.messages.js';
import type { HttpRequest } from './http-request.js';
import type { RequestAdmission } from './request-admission.js';
import { protectionOf, type ProtectMode } from './route-protection.js';
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
    const { admission, protect } = this.dependencies;
    const protection = protectionOf(context, protect);
    const isCall = this.isAllowedCall(context, protection.scopes);
    if (isCall !== undefined) return isCall;
    if (!protection.isProtected) return true;
    const request = this.getRequest(context);
    const target = this.getTarget(context, request);
    const subject = context.getArgByIndex<object | undefined>(0);
    await admission.admit(request, target, protection.scopes, subject);
    const needed = scopesOfMessages(request, protection.toolScopes);
    if (needed.length > 0) admission.demand(request, needed);
    return true;
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
