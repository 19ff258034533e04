import type { ApplicationCredential } from '../credentials/application-credential.interface.js';
import { ClientSecret } from '../credentials/client-secret.credential.js';
import { ZoneDirectory, type Zone } from '../zone/zone-directory.js';
import {
  DEFAULT_BASE_URL,
  normalizeIssuer,
  resolveIssuer,
  withoutTrailingSlash,
  zoneIssuer,
} from '../zone/zone-url.js';
import { KeycardConfigurationError } from './configuration.error.js';
import {
  ENVIRONMENT,
  resolveSetting,
  type Environment,
} from './environment.js';
import type { KeycardModuleOptions } from './keycard-module-options.interface.js';
import {
  CONFLICTING_ZONE_URLS,
  FOREIGN_CREDENTIAL_ISSUER,
  NO_ZONES,
  SAME_ISSUER,
  ZONE_OPTION_WITHOUT_ZONES,
} from './options.messages.js';

/**
 * The zones of the application.
 *
 * @throws KeycardConfigurationError, ZoneConfigurationError
 */
export function createZoneDirectory(
  options: KeycardModuleOptions,
  environment: Environment,
): ZoneDirectory {
  checkZoneVariables(options, environment);
  const read = (name: 'zoneUrl' | 'zoneId' | 'baseUrl') =>
    resolveSetting(options[name], ENVIRONMENT[name], environment);
  const [zoneUrl, baseUrl] = [read('zoneUrl'), read('baseUrl')];
  if (!isMultiZone(options)) {
    checkSingleZone(options);
    return ZoneDirectory.single(
      resolveIssuer({ zoneUrl, zoneId: read('zoneId'), baseUrl }),
    );
  }
  const root = normalizeIssuer(
    zoneUrl ? 'zoneUrl' : 'baseUrl',
    zoneUrl ?? baseUrl ?? DEFAULT_BASE_URL,
  );
  return ZoneDirectory.multiple(root, allowedZones(options, root));
}

/** Only an explicit credential says so: the environment cannot add zones. */
function isMultiZone(options: KeycardModuleOptions): boolean {
  const { enableMultiZone, applicationCredential } = options;
  if (enableMultiZone !== undefined) return enableMultiZone;
  return (
    applicationCredential instanceof ClientSecret &&
    applicationCredential.isMultiZone
  );
}

function checkSingleZone(options: KeycardModuleOptions): void {
  for (const name of ['zones', 'resolveZone'] as const) {
    if (options[name] !== undefined) {
      throw new KeycardConfigurationError(ZONE_OPTION_WITHOUT_ZONES(name));
    }
  }
}

function allowedZones(
  { zones, applicationCredential }: KeycardModuleOptions,
  root: string,
): readonly Zone[] | undefined {
  if (zones === undefined) {
    return zonesOfCredential(applicationCredential, root);
  }
  const allowed = isList(zones)
    ? zones.map((id) => ({ id, issuer: zoneIssuer(root, id) }))
    : Object.entries(zones).map(([id, issuer]) => ({
        id: checkId(root, id),
        issuer: normalizeIssuer(`zones.${id}`, issuer),
      }));
  if (allowed.length === 0) throw new KeycardConfigurationError(NO_ZONES);
  checkDistinct(allowed);
  return allowed;
}

function checkDistinct(zones: readonly Zone[]): void {
  const seen = new Map(zones.map((zone) => [zone.issuer, zone.id]));
  const again = zones.find(({ id, issuer }) => seen.get(issuer) !== id);
  if (again) throw new KeycardConfigurationError(SAME_ISSUER(again.issuer));
}

/** Zones the application could not exchange tokens at need not be let in. */
function zonesOfCredential(
  credential: ApplicationCredential | undefined,
  root: string,
): readonly Zone[] | undefined {
  return credential?.issuers?.map((issuer) => {
    const url = withoutTrailingSlash(issuer);
    const id = URL.canParse(url) ? new URL(url).hostname.split('.')[0]! : '';
    if (zoneIssuer(root, id) !== url) {
      throw new KeycardConfigurationError(FOREIGN_CREDENTIAL_ISSUER(url, root));
    }
    return { id, issuer: url };
  });
}

function checkId(root: string, id: string): string {
  zoneIssuer(root, id);
  return id;
}

/** Three names for one thing: two of them that differ are a mistake. */
function checkZoneVariables(
  options: KeycardModuleOptions,
  environment: Environment,
): void {
  if (options.zoneUrl?.trim()) return;
  const set = ENVIRONMENT.zoneUrl.filter((name) => environment[name]?.trim());
  const [first, ...others] = set;
  const valueOf = (name: string) =>
    withoutTrailingSlash(environment[name]!.trim());
  const other = others.find((name) => valueOf(name) !== valueOf(first!));
  if (other) {
    throw new KeycardConfigurationError(CONFLICTING_ZONE_URLS(first!, other));
  }
}

function isList(
  zones: NonNullable<KeycardModuleOptions['zones']>,
): zones is readonly string[] {
  return Array.isArray(zones);
}
