import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RawHandler } from '../../lib/http/raw-route.js';

/** A handler on a server of its own. */
export async function serve(
  handler: RawHandler,
): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    void handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, server };
}
