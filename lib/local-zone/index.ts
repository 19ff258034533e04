export { RecordedCall, type RedactedCall } from './call-log.js';
export type { ScriptedAnswer } from './call-script.js';
export type { ConnectLink } from './connect-url.js';
export type { CallKind } from './endpoints.js';
export {
  HeadlessBrowser,
  type WalkOptions,
  type WalkResult,
} from './headless-browser.js';
export { GrantType, TokenType } from './local-zone.constants.js';
export {
  LocalZoneConfigurationError,
  LocalZoneEnvironmentError,
  LocalZoneError,
  LocalZoneLoginError,
  type LocalZoneErrorCode,
} from './local-zone.error.js';
export type {
  LocalZoneOptions,
  LocalZoneProfile,
} from './local-zone.options.js';
export { LocalZone } from './local-zone.js';
export type { MintOptions } from './token-minter.js';
export { LocalZoneBuilder } from './zone-builder.js';
export type {
  KeyClient,
  PublishedKeys,
  SecretClient,
  WorkloadClient,
  WorkloadTrust,
  ZoneClient,
} from './zone-client.interface.js';
export type {
  ClientMetadataDocument,
  PolicyRequest,
  UserGrant,
  ZoneApplication,
  ZoneApplicationSettings,
  ZoneDeclaration,
  ZonePolicy,
  ZoneResource,
  ZoneResourceSettings,
  ZoneUser,
} from './zone-declaration.interface.js';
export type {
  IssuedToken,
  LocalZoneEvents,
  ZoneLogin,
  ZoneRefusal,
} from './zone-events.js';
export type { LoginOptions, LoginResult } from './zone-login.js';
