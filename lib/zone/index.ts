export { ZoneConfigurationError } from './zone-configuration.error.js';
export { ZoneDirectory, type Zone } from './zone-directory.js';
export { ZoneDiscovery, type ZoneDiscoveryOptions } from './zone-discovery.js';
export { ZoneUnavailableError } from './zone-unavailable.error.js';
export {
  DEFAULT_BASE_URL,
  isZoneId,
  normalizeIssuer,
  resolveIssuer,
  withoutTrailingSlash,
  zoneIssuer,
  type ZoneSettings,
} from './zone-url.js';
