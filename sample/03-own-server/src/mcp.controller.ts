import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  Controller,
  Get,
  MethodNotAllowedException,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { RequireToolScopes } from 'nestjs-keycard';
import { NotesServer } from './notes.server.js';

/** The endpoint: every request needs a token, some tools a scope besides. */
@Controller('mcp')
@RequireToolScopes({ add_note: 'notes:write' })
export class McpController {
  constructor(private readonly notes: NotesServer) {}

  @Post()
  async serve(
    @Req() request: IncomingMessage & { body?: unknown },
    @Res() response: ServerResponse,
  ) {
    const server = this.notes.create();
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: undefined,
    });
    response.on('close', () => void server.close());
    await server.connect(transport);
    await transport.handleRequest(request, response, request.body);
  }

  /** Without sessions there is no stream to open. */
  @Get()
  refuseStream() {
    throw new MethodNotAllowedException();
  }
}
