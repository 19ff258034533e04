/**
 * What is served over the standard streams, and with which rights.
 *
 * @publicApi
 */
export interface ServeStdioOptions {
  /**
   * Path or name of the server.
   * @default the server of `KeycardModule.forRoot()`
   */
  server?: string;
  /**
   * The scopes that calls have. Whoever started the process is whom it works
   * for, so they have all unless you say less.
   * @default all that the entries of the server name
   */
  scopes?: readonly string[];
  /** Id of the zone. Required in multi-zone applications. */
  zoneId?: string;
}
