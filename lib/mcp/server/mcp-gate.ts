import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LoggerService } from '@nestjs/common';
import type { InsufficientScopeException } from '../../guards/exceptions/insufficient-scope.exception.js';
import { UnknownZoneException } from '../../guards/exceptions/unknown-zone.exception.js';
import { hideToken } from '../../guards/hide-token.js';
import type { ProtectedResourceRegistry } from '../../guards/protected-resource.registry.js';
import { publicUrlOf } from '../../guards/public-url.js';
import type { RequestAuthenticator } from '../../guards/request-authenticator.js';
import {
  scopesOfOperation,
  type ScopePolicy,
} from '../../guards/scope-policy.js';
import { pathOf } from '../../http/raw-route.js';
import { sendRefusal } from '../../http/send-refusal.js';
import { identityOf, type Principal } from '../../verification/principal.js';
import type {
  ProtectedResource,
  ResourceTarget,
} from '../../verification/protected-resource.js';
import type { McpCatalog } from '../catalog/mcp-catalog.js';
import type { McpContext } from '../context/mcp-context.js';
import type {
  Caller,
  EndpointGate,
  McpRequest,
} from '../transport/transport.interfaces.js';

/** What the gate works with. */
export interface McpGateDependencies {
  readonly authenticator: RequestAuthenticator;
  readonly scopePolicy: ScopePolicy;
  readonly resources: ProtectedResourceRegistry;
  readonly resource: ProtectedResource;
  readonly catalog: McpCatalog;
  readonly logger: LoggerService;
}

/** Stands in front of an MCP endpoint: who is asking, and may they. */
export class McpGate implements EndpointGate {
  // A principal that is remembered between requests need not be described anew.
  private readonly callers = new WeakMap<Principal, Caller>();

  constructor(private readonly dependencies: McpGateDependencies) {}

  authenticate(
    request: IncomingMessage,
    response: ServerResponse,
  ): Caller | undefined | Promise<Caller | undefined> {
    try {
      const target = this.targetOf(request);
      const principal = this.dependencies.authenticator.authenticate(request, {
        target,
        url: publicUrlOf(target, pathOf(request)) ?? target.identifier,
      });
      if (!(principal instanceof Promise))
        return this.admit(request, principal);
      return principal.then(
        (verified) => this.admit(request, verified),
        (error: unknown) => this.refuse(response, error),
      );
    } catch (error) {
      return this.refuse(response, error);
    }
  }

  authorize(
    message: McpRequest,
    { principal }: Caller,
    request: IncomingMessage,
    response: ServerResponse,
  ): boolean {
    const scopes = this.dependencies.catalog.scopesOf(message);
    if (scopes.length === 0) return true;
    try {
      const target = this.targetOf(request);
      this.dependencies.scopePolicy.check(principal, target, scopes);
      return true;
    } catch (error) {
      this.refuse(response, error);
      return false;
    }
  }

  /** The refusal of a caller whose arguments turned out to need more scopes. */
  refusalFor(
    { principal, request }: McpContext,
    scopes: readonly string[],
  ): InsufficientScopeException {
    const target = this.targetOf(request as IncomingMessage);
    return this.dependencies.scopePolicy.refusal(
      principal,
      target,
      scopesOfOperation(target, scopes),
    );
  }

  private targetOf(request: IncomingMessage): ResourceTarget {
    const { resources, resource } = this.dependencies;
    const target = resources.matchResource(resource, request, pathOf(request));
    if (!target) throw new UnknownZoneException();
    return target;
  }

  private admit(request: IncomingMessage, principal: Principal): Caller {
    hideToken(request);
    return this.callerOf(principal);
  }

  private callerOf(principal: Principal): Caller {
    let caller = this.callers.get(principal);
    if (!caller) {
      caller = { principal, identity: identityOf(principal) };
      this.callers.set(principal, caller);
    }
    return caller;
  }

  private refuse(response: ServerResponse, error: unknown): undefined {
    sendRefusal(response, error, this.dependencies.logger);
  }
}
