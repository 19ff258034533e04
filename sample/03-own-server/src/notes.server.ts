import { Injectable } from '@nestjs/common';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { principalOf, TokenExchangeService } from 'nestjs-keycard';
import { z } from 'zod';
import { settings } from './settings.js';

const NOTES = settings.notesUrl;

/** What the SDK hands to every tool. */
interface Call {
  readonly authInfo?: object;
  readonly signal: AbortSignal;
}

/** Makes the MCP server, with the SDK and nothing else. */
@Injectable()
export class NotesServer {
  constructor(private readonly exchange: TokenExchangeService) {}

  create(): McpServer {
    const server = new McpServer({ name: 'notes', version: '1.0.0' });
    server.registerTool(
      'whoami',
      { description: 'Tells who is signed in' },
      ({ authInfo }) => toResult(principalOf(authInfo).subject),
    );
    server.registerTool(
      'list_notes',
      { description: "Lists the user's notes" },
      (call) => this.send(call, { method: 'GET' }),
    );
    server.registerTool(
      'add_note',
      {
        description: 'Adds a note',
        inputSchema: { text: z.string().min(1).max(200) },
      },
      (note, call) =>
        this.send(call, { method: 'POST', body: JSON.stringify(note) }),
    );
    return server;
  }

  /** Calls the notes API as the user, with a token that is good for nothing else. */
  private async send(
    { authInfo, signal }: Call,
    init: RequestInit,
  ): Promise<CallToolResult> {
    const caller = principalOf(authInfo);
    const access = await this.exchange.exchange(caller, [NOTES], { signal });
    const response = await access.fetch(NOTES, NOTES, {
      ...init,
      headers: { 'content-type': 'application/json' },
    });
    if (!response.ok)
      throw new Error(`The notes API answered ${response.status}`);
    return toResult(await response.text());
  }
}

function toResult(text: string): CallToolResult {
  return { content: [{ type: 'text', text }] };
}
