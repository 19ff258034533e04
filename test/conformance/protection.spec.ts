import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { findHoles } from './protection.js';

const CHALLENGE = 'Bearer resource_metadata="https://mcp.example.test/m"';

describe('a server', () => {
  it.each<[string, number, Record<string, string>, string[]]>([
    ['that refuses is protected', 401, { 'www-authenticate': CHALLENGE }, []],
    [
      'that lets anybody in is not',
      200,
      { 'www-authenticate': CHALLENGE },
      [
        'answers a request with no token with status 200',
        'answers a request with a wrong token with status 200',
      ],
    ],
    [
      'that does not say why it refuses is not',
      401,
      {},
      [
        'answers a request with no token with status 401',
        'answers a request with a wrong token with status 401',
      ],
    ],
  ])('%s', async (_case, status, headers, holes) => {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(status, headers).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      expect(await findHoles(`http://127.0.0.1:${port}/mcp`)).toEqual(holes);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
