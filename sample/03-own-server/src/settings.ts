const port = Number(process.env.PORT ?? 8000);

export const settings = {
  port,
  zonePort: Number(process.env.ZONE_PORT ?? 8001),
  /** A zone of your own; without it a local zone is started. */
  zoneUrl: process.env.KEYCARD_ZONE_URL,
  mcpUrl: `http://localhost:${port}/mcp`,
  notesUrl: `http://localhost:${port}/notes`,
};
