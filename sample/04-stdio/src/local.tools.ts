import { readdir } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import { AccessContext, Grant, McpTool, Principal } from 'nestjs-keycard';
import { CALENDAR } from './zone.js';

@Injectable()
export class LocalTools {
  @McpTool({ description: 'Tells on whose behalf this process works' })
  whoami(principal: Principal) {
    return principal.subject;
  }

  @McpTool({ description: 'Lists the files of the working directory' })
  async listFiles() {
    return { files: await readdir('.') };
  }

  @McpTool({ description: 'Tells what the calendar lets this process do' })
  @Grant(CALENDAR)
  calendarAccess(access: AccessContext, principal: Principal) {
    const { scopes, expiresAt } = access.access(CALENDAR);
    return { user: principal.subject, scopes, expiresAt };
  }
}
