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
  ClientMetadataDocument,
  KeyClient,
  PolicyRequest,
  PublishedKeys,
  SecretClient,
  UserGrant,
  WorkloadClient,
  WorkloadTrust,
  ZoneApplication,
  ZoneApplicationSettings,
  ZoneClient,
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
