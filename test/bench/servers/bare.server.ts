import { createServer, type IncomingMessage } from 'node:http';
import { forecast, type ForecastInput } from '../forecast.js';

interface ForecastCall {
  readonly id: number;
  readonly params: { readonly arguments: ForecastInput };
}

/** The least that node needs to read such a call and to answer it. */
export function startBareServer(port: number): Promise<void> {
  const server = createServer((request, response) =>
    readAll(request, (text) => {
      const { id, params } = JSON.parse(text) as ForecastCall;
      const result = forecast(params.arguments);
      const body = JSON.stringify({ jsonrpc: '2.0', id, result });
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      });
      response.end(body);
    }),
  );
  return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
}

function readAll(request: IncomingMessage, done: (text: string) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => done(Buffer.concat(chunks).toString()));
}
