import type { IncomingHttpHeaders } from 'node:http';
import type { EntryRegistry } from '../catalog/entry-registry.js';
import type { Tool } from '../catalog/tool.interface.js';
import type { RefusalError } from '../transport/refusal.js';
import type { McpRequest } from '../transport/transport.interfaces.js';
import { HEADER_MISMATCH } from './modern.constants.js';
import { ModernMessages } from './modern.messages.js';
import {
  argumentOf,
  decodeHeaderValue,
  isSameValue,
  type ParameterHeader,
} from './parameter-header.js';
import { scanParameterHeaders } from './parameter-header.scanner.js';

/**
 * Compares the arguments of a call with the headers that repeat them. What is
 * on the way decides by the headers, so a call whose body says something else
 * must not be served.
 */
export class ParameterHeaders {
  // Tools come and go at run time.
  private readonly scanned = new WeakMap<Tool, readonly ParameterHeader[]>();

  /** @throws McpDefinitionError when a tool declares a header that cannot be */
  constructor(private readonly tools: EntryRegistry<Tool>) {
    for (const tool of tools.all) this.headersOf(tool);
  }

  /** Why a call is to be refused; `undefined` when it is not. */
  check(
    { method, params }: McpRequest,
    headers: IncomingHttpHeaders,
  ): RefusalError | undefined {
    if (method !== 'tools/call') return undefined;
    const tool = this.tools.get(params?.['name']);
    if (!tool) return undefined;
    for (const declared of this.headersOf(tool)) {
      const message = mismatchOf(declared, params?.['arguments'], headers);
      if (message !== undefined) return { code: HEADER_MISMATCH, message };
    }
    return undefined;
  }

  private headersOf(tool: Tool): readonly ParameterHeader[] {
    let headers = this.scanned.get(tool);
    if (!headers) {
      headers = scanParameterHeaders(tool.document.inputSchema, tool.place);
      this.scanned.set(tool, headers);
    }
    return headers;
  }
}

function mismatchOf(
  declared: ParameterHeader,
  input: unknown,
  headers: IncomingHttpHeaders,
): string | undefined {
  const value = argumentOf(declared, input);
  if (value === undefined) return undefined;
  const { header } = declared;
  const path = declared.path.join('.');
  const sent = headers[header];
  if (typeof sent !== 'string') {
    return ModernMessages.headerMissing(header, path);
  }
  const decoded = decodeHeaderValue(sent);
  if (decoded === undefined) return ModernMessages.headerEncoding(header);
  return isSameValue(declared, decoded, value)
    ? undefined
    : ModernMessages.headerMismatch(header, path);
}
