import type { IncomingHttpHeaders } from 'node:http';
import {
  Inject,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { bindDelegation } from '../delegation/request-delegation.js';
import type { TokenExchangeService } from '../delegation/token-exchange.service.js';
import type { ResourceTarget } from '../verification/protected-resource.js';
import {
  bindPrincipal,
  principalOfRequest,
} from '../verification/request-principal.js';
import { admissionOf, bindAdmission, type Admission } from './admission.js';
import { InsufficientScopeException } from './exceptions/insufficient-scope.exception.js';
import { announceRefusal } from './announce-refusal.js';
import { disconnectSignal } from './disconnect-signal.js';
import { UnknownZoneException } from './exceptions/unknown-zone.exception.js';
import { NOT_A_REQUEST } from './guards.messages.js';
import type { ProtectedResourceRegistry } from './protected-resource.registry.js';
import { publicUrlOf } from './public-url.js';
import type { RequestAuthenticator } from './request-authenticator.js';
import type { CredentialedRequest } from './request-credentials.js';
import { protectionOf, type ProtectMode } from './route-protection.js';
import { pathOfTarget } from './routed-path.js';
import type { ScopePolicy } from './scope-policy.js';

/** What the guard works with. */
export interface KeycardAuthGuardDependencies {
  readonly authenticator: RequestAuthenticator;
  readonly resources: ProtectedResourceRegistry;
  readonly scopePolicy: ScopePolicy;
  readonly exchange: TokenExchangeService;
  readonly protect: ProtectMode;
}

/** What Nest injects into a guard that is listed with `@UseGuards()`. */
export const KEYCARD_AUTH_GUARD_DEPENDENCIES = Symbol(
  'KEYCARD_AUTH_GUARD_DEPENDENCIES',
);

/** The guard, or a class that extends it. */
export type KeycardAuthGuardType = new (
  dependencies: KeycardAuthGuardDependencies,
) => KeycardAuthGuard;

/** A request, as both HTTP adapters have it. */
interface HttpRequest extends CredentialedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly originalUrl?: string;
  readonly raw?: CredentialedRequest;
}

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
    @Inject(KEYCARD_AUTH_GUARD_DEPENDENCIES)
    private readonly dependencies: KeycardAuthGuardDependencies,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { isProtected, scopes } = protectionOf(
      context,
      this.dependencies.protect,
      KeycardAuthGuard,
    );
    if (context.getType<string>() === 'mcp') {
      return this.isToolAllowed(context, scopes);
    }
    if (!isProtected) return true;
    const request = this.getRequest(context);
    const subject = subjectOf(context, request);
    if (isAdmitted(context, subject)) return true;
    try {
      const target = this.getTarget(context, request);
      const principal = await this.dependencies.authenticator.authenticate(
        request.raw ?? request,
        { target, scopes, url: urlOf(request, target) },
      );
      const route = routeOf(context);
      this.admit(subject, { principal, target, scopes, route });
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
    const path = pathOfRequest(request);
    const target = this.dependencies.resources.match(request, path);
    if (!target) throw new UnknownZoneException();
    return target;
  }

  /** The endpoint has authenticated MCP calls before they got here. */
  private isToolAllowed(
    context: ExecutionContext,
    scopes: readonly string[],
  ): boolean {
    const principal = principalOfRequest(context.getArgByIndex(0));
    if (!principal) return false;
    if (this.dependencies.scopePolicy.permits(principal, scopes)) return true;
    throw new InsufficientScopeException(scopes);
  }

  private admit(request: object, admission: Admission): void {
    const { principal } = admission;
    bindAdmission(request, admission);
    bindPrincipal(request, principal);
    bindDelegation(request, {
      access: (declarations, context) =>
        this.dependencies.exchange.exchangeDeclared(principal, declarations, {
          context,
          signal: disconnectSignal(context),
        }),
    });
  }
}

/** What the principal is remembered by: never an object that requests share. */
function subjectOf(context: ExecutionContext, request: HttpRequest): object {
  // The first argument of a resolver is data, which may serve other callers.
  if (context.getType<string>() === 'graphql') return request;
  return context.getArgByIndex<object | undefined>(0) ?? request;
}

/**
 * Whether this very request was let in to this very route: the guard may be
 * listed twice, and a proof of possession is good once. A socket is no request.
 */
function isAdmitted(context: ExecutionContext, subject: object): boolean {
  if (context.getType() !== 'http') return false;
  const { route } = admissionOf(subject) ?? {};
  return routeOf(context).every((part, index) => part === route?.[index]);
}

function routeOf(context: ExecutionContext): Admission['route'] {
  return [context.getClass(), context.getHandler()];
}

/**
 * As the application's router saw it. What a proxy, a mount or a rewrite took off
 * before is of no resource, and must not hide which one it is.
 */
function pathOfRequest({ url = '/' }: HttpRequest): string {
  return pathOfTarget(url);
}

/** What the client saw: outside of the resource's path, nothing was taken off. */
function urlOf(request: HttpRequest, target: ResourceTarget): string {
  const seen = pathOfTarget(request.originalUrl ?? request.url ?? '/');
  return (
    publicUrlOf(target, pathOfRequest(request)) ??
    new URL(target.identifier).origin + seen
  );
}
