import { bindDelegation } from '../delegation/request-delegation.js';
import type { TokenExchangeService } from '../delegation/token-exchange.service.js';
import type { Principal } from '../verification/principal.js';
import type { ResourceTarget } from '../verification/protected-resource.js';
import { bindPrincipal } from '../verification/request-principal.js';
import { admissionOf, bindAdmission, type Admission } from './admission.js';
import { toAuthInfo } from './auth-info.js';
import { disconnectSignal } from './disconnect-signal.js';
import { UnknownZoneException } from './exceptions/unknown-zone.exception.js';
import { hideToken } from './hide-token.js';
import {
  pathOfRequest,
  urlOfRequest,
  type HttpRequest,
} from './http-request.js';
import type { ProtectedResourceRegistry } from './protected-resource.registry.js';
import type { RequestAuthenticator } from './request-authenticator.js';
import type { ScopePolicy } from './scope-policy.js';

/** What requests are let in with. */
export interface RequestAdmissionDependencies {
  readonly authenticator: RequestAuthenticator;
  readonly resources: ProtectedResourceRegistry;
  readonly scopePolicy: ScopePolicy;
  readonly exchange: TokenExchangeService;
}

/** How a request is let in. */
export interface AdmissionOptions {
  /** What is needed besides the scopes of the resource. */
  readonly scopes?: readonly string[];
  /** What handlers know the request by. */
  readonly subject?: object;
  /** Of the request in the application, where the request does not tell. */
  readonly path?: string;
  /** It is the request that opened a connection, and outlives its token. */
  readonly isLasting?: boolean;
}

/**
 * Lets requests in, and remembers with each who sent it: what handlers,
 * grants and SDKs find there.
 */
export class RequestAdmission {
  constructor(private readonly dependencies: RequestAdmissionDependencies) {}

  /**
   * The resource a request is for.
   *
   * @param path of the request in the application
   * @throws UnknownZoneException
   */
  targetOf(
    request: HttpRequest,
    path: string = pathOfRequest(request),
  ): ResourceTarget {
    const target = this.dependencies.resources.match(request, path);
    if (!target) throw new UnknownZoneException();
    return target;
  }

  /** @throws KeycardException */
  async admit(
    request: HttpRequest,
    target: ResourceTarget,
    options: AdmissionOptions = {},
  ): Promise<void> {
    const { scopes = [], subject = request } = options;
    const received = request.raw ?? request;
    const principal = await this.identify(request, target, options);
    hideToken(received);
    const admission = { principal, target, scopes };
    for (const one of new Set([received, request, subject])) {
      this.remember(one, admission);
    }
    // Where the transports of the SDKs look.
    const auth = toAuthInfo(principal, target.metadataUrl);
    for (const one of [received, request]) Object.assign(one, { auth });
  }

  /**
   * Demands more scopes of a request that was let in.
   *
   * @throws InsufficientScopeException
   */
  demand(request: HttpRequest, scopes: readonly string[]): void {
    const { principal, target, scopes: known } = admissionOf(request)!;
    const all = [...known, ...scopes];
    this.dependencies.scopePolicy.check(principal, target, all);
  }

  /** A proof of possession is good for once: nobody is asked twice. */
  private identify(
    request: HttpRequest,
    target: ResourceTarget,
    { scopes = [], path = pathOfRequest(request), isLasting }: AdmissionOptions,
  ): Principal | Promise<Principal> {
    const { authenticator, scopePolicy } = this.dependencies;
    const received = request.raw ?? request;
    const known = isLasting ? undefined : admissionOf(received);
    if (known?.target !== target) {
      const url = urlOfRequest(request, target, path);
      return authenticator.authenticate(received, { target, scopes, url });
    }
    scopePolicy.check(known.principal, target, scopes);
    return known.principal;
  }

  private remember(request: object, admission: Admission): void {
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
