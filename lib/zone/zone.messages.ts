export const MISSING_ZONE =
  'No zone is configured. Set `zoneUrl` (KEYCARD_ZONE_URL, KEYCARD_URL or KEYCARD_ISSUER), or `zoneId` (KEYCARD_ZONE_ID) with an optional `baseUrl` (KEYCARD_BASE_URL).';

export const INVALID_URL = (name: string, value: string) =>
  `${name} must be an https URL, or http on a loopback address, without credentials, query or fragment: got ${JSON.stringify(value)}.`;

export const INVALID_ZONE_ID = (zoneId: string) =>
  `${JSON.stringify(zoneId)} is not a zone id: use 1 to 63 lower-case letters, digits, "-" and "_", beginning and ending with a letter or digit, and no "xn--" at the beginning.`;

export const NO_ZONES_BELOW = (root: string) =>
  `There can be no zones below ${root}: a zone id becomes a subdomain, and an IP address has none. Use a host name, such as "localhost".`;

export const ZONE_UNAVAILABLE =
  'The authorization server cannot be reached at the moment.';
