const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'stranger', version: '1.0.0' },
  },
};

/** What a client that should be refused may bring along. */
const STRANGERS: Readonly<Record<string, Record<string, string>>> = {
  'no token': {},
  'a wrong token': { authorization: 'Bearer not-a-token' },
};

/**
 * Looks whether a server refuses whom it must: all that the suite finds is
 * about a protected server only if it does.
 *
 * @returns what is wrong
 */
export async function findHoles(url: string): Promise<string[]> {
  const holes: string[] = [];
  for (const [name, headers] of Object.entries(STRANGERS)) {
    const { status, headers: answer } = await fetch(url, {
      method: 'POST',
      headers: {
        ...headers,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
      },
      body: JSON.stringify(INITIALIZE),
    });
    const challenge = answer.get('www-authenticate') ?? '';
    if (status !== 401 || !challenge.includes('resource_metadata=')) {
      holes.push(`answers a request with ${name} with status ${status}`);
    }
  }
  return holes;
}
