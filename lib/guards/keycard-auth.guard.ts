import type { IncomingHttpHeaders } from 'node:http';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { bindDelegation } from '../delegation/request-delegation.js';
import type { TokenExchangeService } from '../delegation/token-exchange.service.js';
import type { Principal } from '../verification/principal.js';
import type { ResourceTarget } from '../verification/protected-resource.js';
import {
  bindPrincipal,
  principalOfRequest,
} from '../verification/request-principal.js';
import { UnknownZoneException } from './exceptions/unknown-zone.exception.js';
import { NOT_A_REQUEST } from './guards.messages.js';
import type { ProtectedResourceRegistry } from './protected-resource.registry.js';
import type { RequestAuthenticator } from './request-authenticator.js';
import type { CredentialedRequest } from './request-credentials.js';
import { protectionOf, type ProtectMode } from './route-protection.js';

/** What the guard works with. */
export interface KeycardAuthGuardDependencies {
  readonly authenticator: RequestAuthenticator;
  readonly resources: ProtectedResourceRegistry;
  readonly exchange: TokenExchangeService;
  readonly protect: ProtectMode;
}

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
 * `protect` is `all`.
 *
 * @publicApi
 */
export class KeycardAuthGuard implements CanActivate {
  constructor(private readonly dependencies: KeycardAuthGuardDependencies) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // The endpoint has authenticated MCP calls before they got here.
    if (context.getType<string>() === 'mcp') {
      return principalOfRequest(context.getArgByIndex(0)) !== undefined;
    }
    const protection = protectionOf(context, this.dependencies.protect);
    if (!protection.isProtected) return true;
    const request = this.getRequest(context);
    const target = this.getTarget(context, request);
    const { origin } = new URL(target.identifier);
    const principal = await this.dependencies.authenticator.authenticate(
      request.raw ?? request,
      {
        target,
        scopes: protection.scopes,
        url: `${origin}${request.originalUrl ?? request.url}`,
      },
    );
    this.admit(context.getArgByIndex(0), principal);
    return true;
  }

  /** The HTTP request of a context. Override it for GraphQL or WebSockets. */
  protected getRequest(context: ExecutionContext): HttpRequest {
    const request: HttpRequest | undefined = context
      .switchToHttp()
      .getRequest();
    if (!request?.headers) throw new TypeError(NOT_A_REQUEST);
    return request;
  }

  /** Which resource the token must be meant for. */
  protected getTarget(
    _context: ExecutionContext,
    request: HttpRequest,
  ): ResourceTarget {
    const url = request.originalUrl ?? request.url ?? '/';
    const path = url.split('?', 1)[0]!;
    const target = this.dependencies.resources.match(request, path);
    if (!target) throw new UnknownZoneException();
    return target;
  }

  private admit(request: object, principal: Principal): void {
    bindPrincipal(request, principal);
    bindDelegation(request, {
      access: (grants) =>
        this.dependencies.exchange.exchange(principal, grants),
    });
  }
}
