import type { IncomingMessage } from 'node:http';
import type { WireResponse } from './endpoint.harness.js';

/** A body of JSON, of whatever shape the test expects. */
export function json(response: Pick<WireResponse, 'text'>): any {
  return JSON.parse(response.text);
}

/** Messages of an event stream. */
export function events(response: Pick<WireResponse, 'text'>): any[] {
  return response.text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice('data: '.length)));
}

export function call(
  name: string,
  input: object = {},
  id: string | number = 1,
  meta?: object,
): object {
  const params = { name, arguments: input, ...(meta && { _meta: meta }) };
  return { jsonrpc: '2.0', id, method: 'tools/call', params };
}

export function initialize(params: object = {}): object {
  return {
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'wire', version: '1' },
      ...params,
    },
  };
}

/** Text of a tool's result. */
export function textOfResult(message: any): string {
  return message.result.content[0].text;
}

/** Settles with the first message of an event stream. */
export async function nextEvent(stream: IncomingMessage): Promise<any> {
  const text = await new Promise<string>((resolve) => {
    let seen = '';
    stream.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.includes('\n\n') && seen.includes('data: ')) resolve(seen);
    });
  });
  return events({ text })[0];
}
