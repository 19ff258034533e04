import { settings } from './settings.js';
import { startSystem, usesBuiltInApis } from './system.js';
import { USERS } from './zone.js';

const system = await startSystem();
const { zone } = system;
const users = Object.values(USERS)
  .map(({ id, name }) => `${name} (${id})`)
  .join(', ');

console.log(`
  MCP server   ${settings.mcpUrl}
  Zone         ${zone ? `${zone.issuer} (local, for development)` : settings.zoneUrl}
  Calendar API ${settings.calendarUrl}${usesBuiltInApis() ? '' : ' (not started here)'}
  Mail API     ${settings.mailUrl}${usesBuiltInApis() ? '' : ' (not started here)'}
  Ready when   http://localhost:${settings.port}/healthz answers 200
${zone ? `\n  Test users   ${users}; both sign in without a password` : ''}
  Connect an AI client:
    Claude Code    claude mcp add --transport http assistant ${settings.mcpUrl}
    Cursor         add to mcp.json: { "mcpServers": { "assistant": { "url": "${settings.mcpUrl}" } } }
    Inspector      npx @modelcontextprotocol/inspector, then Streamable HTTP and the URL above

  Press Ctrl+C to stop.
`);

const stop = () => void system.stop().then(() => process.exit(0));
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
