/** Names of the environment variables, in the order they are looked up. */
export const ENVIRONMENT = {
  zoneUrl: ['KEYCARD_ZONE_URL', 'KEYCARD_URL', 'KEYCARD_ISSUER'],
  zoneId: ['KEYCARD_ZONE_ID'],
  baseUrl: ['KEYCARD_BASE_URL'],
  resourceUrl: ['MCP_SERVER_URL'],
  clientId: ['KEYCARD_CLIENT_ID'],
  clientSecret: ['KEYCARD_CLIENT_SECRET'],
  userIdentifier: ['KEYCARD_USER_IDENTIFIER'],
} as const satisfies Record<string, readonly string[]>;

/** The process's environment, or one made up for a test. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** An explicit setting, else the first variable that is set; blank is unset. */
export function resolveSetting(
  explicit: string | undefined,
  names: readonly string[],
  environment: Environment,
): string | undefined {
  return [explicit, ...names.map((name) => environment[name])]
    .map((value) => value?.trim())
    .find(Boolean);
}
