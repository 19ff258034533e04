/** Where everything runs. All of it can be set from the environment. */
export interface Settings {
  readonly port: number;
  readonly zonePort: number;
  readonly apiPort: number;
  /** A zone of your own; without it a local zone is started. */
  readonly zoneUrl: string | undefined;
  readonly mcpUrl: string;
  /** Resource identifiers of the two APIs, and the bases of calls to them. */
  readonly calendarUrl: string;
  readonly mailUrl: string;
  /** Scopes every caller needs. A zone of your own may not have them. */
  readonly requiredScopes: string;
}

const read = (name: string): string | undefined =>
  process.env[name]?.trim() || undefined;

const port = Number(read('PORT') ?? 8000);
const apiPort = Number(read('API_PORT') ?? 8002);
const zoneUrl = read('KEYCARD_ZONE_URL');

export const settings: Settings = {
  port,
  zonePort: Number(read('ZONE_PORT') ?? 8001),
  apiPort,
  zoneUrl,
  mcpUrl: read('MCP_SERVER_URL') ?? `http://localhost:${port}/mcp`,
  calendarUrl:
    read('CALENDAR_API_URL') ?? `http://localhost:${apiPort}/calendar`,
  mailUrl: read('MAIL_API_URL') ?? `http://localhost:${apiPort}/mail`,
  requiredScopes:
    read('MCP_REQUIRED_SCOPES') ?? (zoneUrl === undefined ? 'mcp:tools' : ''),
};
