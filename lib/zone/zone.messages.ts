export const MISSING_ZONE =
  'No zone is configured. Set `zoneUrl` (KEYCARD_ZONE_URL, KEYCARD_URL or KEYCARD_ISSUER), or `zoneId` (KEYCARD_ZONE_ID) with an optional `baseUrl` (KEYCARD_BASE_URL).';

export const INVALID_URL = (name: string, value: string) =>
  `${name} must be an https URL, or http on a loopback address, without credentials, query or fragment: got ${JSON.stringify(value)}.`;

export const INVALID_ZONE_ID = (zoneId: string) =>
  `${JSON.stringify(zoneId)} is not a zone id: use 1 to 63 letters, digits, "-" and "_", beginning and ending with a letter or digit.`;

export const ZONE_UNAVAILABLE =
  'The authorization server cannot be reached at the moment.';
