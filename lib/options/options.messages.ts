export const CONFLICTING_ZONE_URLS = (first: string, second: string) =>
  `${first} and ${second} name different zones. Set only one of them.`;

export const MISSING_RESOURCE_URL =
  'The public URL of this server is not configured. Set `resourceUrl` (MCP_SERVER_URL), such as "https://mcp.example.com/mcp".';

export const INVALID_RESOURCE_URL = (value: string) =>
  `resourceUrl must be an https URL, or http on a loopback address, in its canonical form, without credentials, query or fragment: got ${JSON.stringify(value)}.`;

export const MISPLACED_ZONE = (value: string) =>
  `resourceUrl has {zone} where no zone is looked for: got ${JSON.stringify(value)}. It may be the first segment of the path, or with resolveZone a part of the host, and needs more than one zone (enableMultiZone).`;

export const DERIVED_RESOURCE_URL = (value: string) =>
  `resourceUrl is not configured; using ${value}, which only works in development. Set resourceUrl (MCP_SERVER_URL).`;

export const AUDIENCE_OFF =
  'audience is false: every token of the zone is accepted, whatever it was issued for.';

export const EMPTY_AUDIENCE =
  'audience is empty: no token could ever be accepted. Leave it out to accept tokens for resourceUrl.';

export const AUDIENCE_MAP_WITHOUT_ZONES =
  'audience is a map by zone id, but the application has a single zone. Give a string or a list.';

export const INVALID_ALGORITHMS = (supported: readonly string[]) =>
  `tokens.algorithms must name at least one of ${supported.join(', ')}, and nothing else.`;

export const INVALID_CLOCK_TOLERANCE =
  'tokens.clockTolerance must be between 0 and 60 seconds.';

export const INVALID_PATH = (name: string, value: string) =>
  `${name} must begin with "/", and have no trailing slash, query, fragment or characters that need encoding: got ${JSON.stringify(value)}.`;

export const METADATA_PATH_WITHOUT_ZONE = (name: string) =>
  `${name} is one path, but the zone of a request is in its path. Leave it out, or set metadata.root instead.`;

export const INVALID_ALLOWED_HOST = (value: string) =>
  `mcp.allowedHosts lists hosts as the Host header has them, such as "mcp.example.com:8443": got ${JSON.stringify(value)}.`;

export const INVALID_ALLOWED_ORIGIN = (value: string) =>
  `mcp.allowedOrigins lists origins as browsers send them, such as "https://app.example.com", without a path: got ${JSON.stringify(value)}.`;

export const INVALID_NUMBER = (name: string, value: unknown) =>
  `${name} must be a number, 0 or greater: got ${JSON.stringify(value) ?? 'undefined'}.`;

export const INVALID_RETRY_INTERVAL = (value: unknown) =>
  `mcp.sessions.resumption.retryInterval must be a whole number of milliseconds, 0 or greater: got ${JSON.stringify(value) ?? 'undefined'}.`;

export const STORE_WITH_LIMITS = (name: string) =>
  `mcp.sessions.resumption has a store and ${name}, which is a limit of the store in memory. Leave one of them out.`;

export const SHORT_SESSION_SECRET = (length: number) =>
  `mcp.sessions.secret must have at least ${length} characters, made up by a machine.`;

export const OPTION_WITHOUT_SESSION_SECRET = (name: string) =>
  `mcp.sessions.${name} is set, but mcp.sessions.secret is not: sessions then live at one replica, until they are idle. Set the secret, or leave ${name} out.`;

export const ZONE_OPTION_WITHOUT_ZONES = (name: string) =>
  `${name} is set, but the application has a single zone. Set enableMultiZone, or leave ${name} out.`;

export const NO_ZONES =
  'zones is empty: no request could ever be served. Leave it out to serve every zone below the root.';

export const SAME_ISSUER = (issuer: string) =>
  `Two zones have the issuer ${issuer}. Tokens of one would be good for the other: give each zone an issuer of its own.`;

export const FOREIGN_CREDENTIAL_ISSUER = (issuer: string, root: string) =>
  `The client secret for ${issuer} belongs to no zone below ${root}. Set zoneUrl or baseUrl to the root of your zones, or name them with zones: { id: issuer }.`;

export const INTROSPECTION_WITHOUT_CREDENTIAL =
  'tokens.introspection needs a credential to ask the zone with. Set `applicationCredential`, or KEYCARD_CLIENT_ID and KEYCARD_CLIENT_SECRET.';

export const INVALID_PAGE_SIZE = (value: unknown) =>
  `mcp.pageSize must be a whole number of at least 1: got ${String(value)}.`;
