export type {
  ApplicationCredential,
  ClientIdentity,
} from './credentials/application-credential.interface.js';
export {
  ClientSecret,
  type ClientSecretMap,
  type ClientSecretPair,
} from './credentials/client-secret.credential.js';
export { CredentialError } from './credentials/credential.error.js';
export type { CredentialContext } from './credentials/credential-context.interface.js';
export type { ClientMetadata } from './credentials/client-metadata.interface.js';
export { FileKeyStore } from './credentials/web-identity/file-key-store.js';
export { KeyStoreError } from './credentials/web-identity/key-store.error.js';
export type { KeyStore } from './credentials/web-identity/key-store.interface.js';
export { MemoryKeyStore } from './credentials/web-identity/memory-key-store.js';
export { WebIdentity } from './credentials/web-identity/web-identity.credential.js';
export { EKSWorkloadIdentity } from './credentials/workload-identity/eks-workload-identity.credential.js';
export { FileTokenSource } from './credentials/workload-identity/file-token.source.js';
export { FlyTokenSource } from './credentials/workload-identity/fly-token.source.js';
export { GcpMetadataTokenSource } from './credentials/workload-identity/gcp-metadata-token.source.js';
export type { TokenSource } from './credentials/workload-identity/token-source.interface.js';
export { WorkloadIdentity } from './credentials/workload-identity/workload-identity.credential.js';
export { WorkloadIdentityConfigurationError } from './credentials/workload-identity/workload-identity-configuration.error.js';
export { WorkloadIdentityError } from './credentials/workload-identity/workload-identity.error.js';
export {
  AccessContext,
  type AccessStatus,
} from './delegation/access-context.js';
export type {
  AccessError,
  AccessErrors,
} from './delegation/access-error.interface.js';
export type { ExchangeCacheOptions } from './delegation/exchange-cache.js';
export { ConsentRequiredError } from './delegation/consent/consent-required.error.js';
export type {
  ConsentLink,
  ConsentNeed,
  ConsentOptions,
} from './delegation/consent/consent.interface.js';
export { GrantDefinitionError } from './delegation/grant-definition.error.js';
export { Grant } from './delegation/grant.decorator.js';
export type {
  GrantCall,
  GrantOptions,
  GrantResources,
  PerCall,
  RequestScopes,
} from './delegation/grant.interface.js';
export type {
  ActorToken,
  Authority,
  ResourceGrant,
} from './delegation/resource-grant.interface.js';
export type { SharedCacheOptions } from './delegation/cache/shared-token-store.js';
export { ExchangeInputError } from './delegation/exchange-input.error.js';
export { GrantedToken } from './delegation/granted-token.js';
export {
  ResourceAccessError,
  type ResourceAccessErrorType,
} from './delegation/resource-access.error.js';
export {
  TokenExchangeService,
  type ExchangeOptions,
  type GrantTarget,
  type ZoneOptions,
} from './delegation/token-exchange.service.js';
export type { AuthInfo } from './guards/auth-info.js';
export {
  Actor,
  DelegationChain,
  type TokenActor,
} from './guards/decorators/actor.decorator.js';
export { CurrentPrincipal } from './guards/decorators/current-principal.decorator.js';
export { Protected } from './guards/decorators/protected.decorator.js';
export { Public } from './guards/decorators/public.decorator.js';
export { RequireScopes } from './guards/decorators/require-scopes.decorator.js';
export { RequireToolScopes } from './guards/decorators/require-tool-scopes.decorator.js';
export { InsufficientScopeException } from './guards/exceptions/insufficient-scope.exception.js';
export { InvalidAuthorizationException } from './guards/exceptions/invalid-authorization.exception.js';
export { InvalidTokenException } from './guards/exceptions/invalid-token.exception.js';
export { InvalidProofException } from './guards/exceptions/invalid-proof.exception.js';
export { KeycardException } from './guards/exceptions/keycard.exception.js';
export { TokenRequiredException } from './guards/exceptions/token-required.exception.js';
export { ZoneDownException } from './guards/exceptions/zone-down.exception.js';
export { KeycardAuthGuard } from './guards/keycard-auth.guard.js';
export { KeycardExceptionFilter } from './guards/keycard-exception.filter.js';
export { principalOf } from './guards/principal-of.js';
export { UnknownZoneException } from './guards/exceptions/unknown-zone.exception.js';
export type { ProtectMode } from './guards/route-protection.js';
export type { ChallengeScopes, ScopeHierarchy } from './guards/scope-policy.js';
export { KeycardMiddleware } from './http/keycard.middleware.js';
export { KeycardModule } from './keycard.module.js';
export type { McpLogLevel } from './mcp/context/log-level.js';
export { McpContext, type McpEra } from './mcp/context/mcp-context.js';
export type { McpCallKind } from './mcp/catalog/entry.interface.js';
export {
  McpCompletion,
  type CompletionQuery,
} from './mcp/decorators/mcp-completion.decorator.js';
export type { McpEntryOptions } from './mcp/decorators/mcp-entry-options.interface.js';
export { McpInput, ToolInput } from './mcp/decorators/mcp-input.decorator.js';
export { McpPrompt } from './mcp/decorators/mcp-prompt.decorator.js';
export type { McpPromptOptions } from './mcp/decorators/mcp-prompt-options.interface.js';
export { McpResource } from './mcp/decorators/mcp-resource.decorator.js';
export type { McpResourceOptions } from './mcp/decorators/mcp-resource-options.interface.js';
export { McpResourceList } from './mcp/decorators/mcp-resource-list.decorator.js';
export { McpTool } from './mcp/decorators/mcp-tool.decorator.js';
export type { McpToolOptions } from './mcp/decorators/mcp-tool-options.interface.js';
export { ResourceUri } from './mcp/decorators/resource-uri.decorator.js';
export { InvalidInputError } from './mcp/invocation/invalid-input.error.js';
export {
  MCP_CONTEXT_TYPE,
  McpExecutionContext,
  type McpContextType,
} from './mcp/invocation/mcp-execution-context.js';
export { JsonRpcError, JsonRpcErrorCode } from './mcp/json-rpc.error.js';
export { InputRequiredError } from './mcp/input/input-required.error.js';
export {
  elicitForm,
  elicitUrl,
  requestRoots,
  requestSampling,
  type InputRequest,
  type InputRequirement,
  type InputResponse,
} from './mcp/input/input-request.js';
export { ModernEraError } from './mcp/modern/modern-era.error.js';
export type {
  McpClientCapabilities,
  McpClientInfo,
} from './mcp/context/client-description.js';
export {
  ClientInputError,
  type ClientInputFailure,
} from './mcp/input/client-input.error.js';
export type {
  FormAnswer,
  FormContent,
  FormElicitation,
  FormSource,
  FormValue,
  UrlAnswer,
  UrlElicitation,
} from './mcp/input/elicitation.interface.js';
export type { TraceContext } from './observability/telemetry/trace-context.js';
export type {
  McpEvent,
  McpEventBus,
  McpEventUnsubscribe,
} from './mcp/changes/event-bus.interface.js';
export { McpRegistration } from './mcp/runtime/mcp-registration.js';
export { McpServerHandle } from './mcp/runtime/mcp-server.handle.js';
export { McpServers } from './mcp/runtime/mcp-servers.js';
export type {
  AddPromptOptions,
  AddResourceOptions,
  AddToolOptions,
  InputOf,
  McpRuntimeCompleters,
  McpRuntimeHandler,
  McpRuntimeOptions,
} from './mcp/runtime/runtime-options.interface.js';
export type { ServeStdioOptions } from './mcp/stdio/serve-stdio-options.interface.js';
export { serveStdio } from './mcp/stdio/serve-stdio.js';
export { StderrLogger } from './mcp/stdio/stderr-logger.js';
export { StdioError } from './mcp/stdio/stdio.error.js';
export { McpDefinitionError } from './mcp/mcp-definition.error.js';
export { SchemaDefinitionError } from './mcp/schema/schema-definition.error.js';
export type { SchemaSource } from './mcp/schema/schema-source.interface.js';
export type {
  McpEventStore,
  McpStreamAddress,
  McpStreamEvent,
} from './mcp/transport/resumption/event-store.interface.js';
export type { MetadataOptions } from './metadata/metadata-options.interface.js';
export type {
  AuditEvent,
  AuditEventOf,
  AuditEventType,
} from './observability/audit/audit-event.js';
export { AuditStream } from './observability/audit/audit-stream.js';
export { LoggerAuditSink } from './observability/audit/logger-audit.sink.js';
export { KeycardHealthIndicator } from './observability/health/keycard.health-indicator.js';
export type { TelemetryMode } from './observability/telemetry/telemetry-mode.js';
export { KeycardConfigurationError } from './options/configuration.error.js';
export type {
  FeatureMcpOptions,
  KeycardFeatureOptions,
} from './options/keycard-feature-options.interface.js';
export type {
  KeycardModuleOptions,
  KeycardOptionsFactory,
} from './options/keycard-module-options.interface.js';
export type {
  DpopTokenOptions,
  TokenOptions,
} from './options/token-options.interface.js';
export type {
  McpOptions,
  SubscriptionOptions,
} from './options/mcp-options.interface.js';
export type {
  ResumptionOptions,
  SessionOptions,
} from './options/session-options.interface.js';
export {
  InvalidTokenError,
  type InvalidTokenReason,
} from './verification/invalid-token.error.js';
export { Principal } from './verification/principal.js';
export type { AudiencePolicy } from './verification/protected-resource.js';
export type { DpopOptions } from './verification/dpop/dpop-options.interface.js';
export type { DpopReplayStore } from './verification/dpop/dpop-replay-store.interface.js';
export type { IntrospectionOptions } from './verification/introspection/token-introspector.js';
export type { TokenPolicy } from './verification/token-verifier.js';
export type { VerifiedTokenCacheOptions } from './verification/verified-token-cache.js';
export type { SharedStore } from './replicas/shared-store.interface.js';
export { ZoneConfigurationError } from './zone/zone-configuration.error.js';
export { ZoneUnavailableError } from './zone/zone-unavailable.error.js';
export type { ZonedRequest, ZoneResolver } from './zone/zone-locator.js';
