import { type Provider } from '@nestjs/common';
import {
  APP_FILTER,
  APP_GUARD,
  ApplicationConfig,
  DiscoveryService,
  HttpAdapterHost,
  MetadataScanner,
  ModuleRef,
  ModulesContainer,
} from '@nestjs/core';
import { TokenExchangeService } from '../delegation/token-exchange.service.js';
import { AuthenticationAudit } from '../guards/authentication-audit.js';
import { KEYCARD_GUARD_DEPENDENCIES } from '../guards/guards.constants.js';
import {
  KeycardAuthGuard,
  type KeycardAuthGuardDependencies,
} from '../guards/keycard-auth.guard.js';
import { KeycardExceptionFilter } from '../guards/keycard-exception.filter.js';
import { ProofOfPossession } from '../guards/proof-of-possession.js';
import { ProtectedResourceRegistry } from '../guards/protected-resource.registry.js';
import { RequestAdmission } from '../guards/request-admission.js';
import { RequestAuthenticator } from '../guards/request-authenticator.js';
import { RoutePaths } from '../guards/route-paths.js';
import { RouteExplorer } from '../guards/route.explorer.js';
import { ScopePolicy } from '../guards/scope-policy.js';
import type { Observability } from '../observability/observability.js';
import { KEYCARD_CONFIG, KEYCARD_OBSERVABILITY } from './keycard.constants.js';
import type { KeycardConfig } from '../options/keycard-config.js';
import { DpopProofVerifier } from '../verification/dpop/dpop-proof.verifier.js';
import { ProtectedResource } from '../verification/protected-resource.js';
import { TokenVerifier } from '../verification/token-verifier.js';

/** What stands in front of HTTP routes. */
export const GUARD_PROVIDERS: Provider[] = [
  {
    provide: ProtectedResourceRegistry,
    inject: [KEYCARD_CONFIG],
    useFactory: ({ locator, resource }: KeycardConfig) =>
      new ProtectedResourceRegistry(locator, new ProtectedResource(resource)),
  },
  {
    provide: ScopePolicy,
    inject: [KEYCARD_CONFIG, KEYCARD_OBSERVABILITY],
    useFactory: (
      { scopePolicy }: KeycardConfig,
      observability: Observability,
    ) => new ScopePolicy(scopePolicy, observability),
  },
  {
    provide: RequestAuthenticator,
    inject: [KEYCARD_CONFIG, TokenVerifier, ScopePolicy, KEYCARD_OBSERVABILITY],
    useFactory: (
      { tokens: { dpop } }: KeycardConfig,
      verifier: TokenVerifier,
      scopePolicy: ScopePolicy,
      observability: Observability,
    ) =>
      new RequestAuthenticator(
        verifier,
        scopePolicy,
        dpop &&
          new ProofOfPossession(new DpopProofVerifier(dpop), dpop.required),
        new AuthenticationAudit(observability),
      ),
  },
  {
    provide: RequestAdmission,
    inject: [
      RequestAuthenticator,
      ProtectedResourceRegistry,
      ScopePolicy,
      TokenExchangeService,
    ],
    useFactory: (
      authenticator: RequestAuthenticator,
      resources: ProtectedResourceRegistry,
      scopePolicy: ScopePolicy,
      exchange: TokenExchangeService,
    ) =>
      new RequestAdmission({ authenticator, resources, scopePolicy, exchange }),
  },
  {
    provide: KEYCARD_GUARD_DEPENDENCIES,
    inject: [KEYCARD_CONFIG, RequestAdmission, ScopePolicy],
    useFactory: (
      { protect }: KeycardConfig,
      admission: RequestAdmission,
      scopePolicy: ScopePolicy,
    ): KeycardAuthGuardDependencies => ({ admission, scopePolicy, protect }),
  },
  {
    provide: KeycardAuthGuard,
    inject: [KEYCARD_CONFIG, KEYCARD_GUARD_DEPENDENCIES],
    useFactory: (
      { guard: Guard }: KeycardConfig,
      dependencies: KeycardAuthGuardDependencies,
    ) => new Guard(dependencies),
  },
  {
    provide: RouteExplorer,
    inject: [
      KEYCARD_CONFIG,
      DiscoveryService,
      MetadataScanner,
      ProtectedResourceRegistry,
      ModuleRef,
      ModulesContainer,
    ],
    useFactory: (
      { protect }: KeycardConfig,
      discovery: DiscoveryService,
      scanner: MetadataScanner,
      resources: ProtectedResourceRegistry,
      moduleRef: ModuleRef,
      { applicationId }: ModulesContainer,
    ) => {
      // Prefix and versioning are known to nothing that can be injected.
      const { applicationConfig = new ApplicationConfig() } =
        moduleRef['container'];
      const paths = new RoutePaths(applicationConfig, applicationId);
      return new RouteExplorer({
        discovery,
        scanner,
        paths,
        resources,
        protect,
      });
    },
  },
  { provide: APP_GUARD, useExisting: KeycardAuthGuard },
  {
    provide: APP_FILTER,
    inject: [HttpAdapterHost, ScopePolicy],
    useFactory: (host: HttpAdapterHost, scopePolicy: ScopePolicy) =>
      new KeycardExceptionFilter(host, scopePolicy),
  },
];
