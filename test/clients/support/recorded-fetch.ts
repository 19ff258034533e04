/** One HTTP request of a client, and how it was answered. */
export interface Exchange {
  /** The JSON-RPC method; the HTTP method where there is none. */
  readonly method: string;
  /** The revision of the protocol that the client says it speaks. */
  readonly revision: string | null;
  readonly status: number;
  readonly challenge: string | null;
}

/** Changes what a client receives. */
export type Change = (text: string) => string;

/** A `fetch` that remembers what went over the wire. */
export class RecordedFetch {
  readonly exchanges: Exchange[] = [];
  /** Set to stand between the server and the client. */
  change: Change | undefined;

  readonly fetch: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const { status, headers } = response;
    this.exchanges.push({
      method: methodOf(init),
      revision: new Headers(init?.headers).get('mcp-protocol-version'),
      status,
      challenge: headers.get('www-authenticate'),
    });
    if (!this.change) return response;
    const text = this.change(await response.text());
    return new Response(text, {
      status,
      headers: { 'content-type': headers.get('content-type')! },
    });
  };

  /** The requests of one JSON-RPC method, in their order. */
  of(method: string): Exchange[] {
    return this.exchanges.filter((exchange) => exchange.method === method);
  }
}

function methodOf(init: RequestInit | undefined): string {
  const { body, method = 'GET' } = init ?? {};
  if (typeof body !== 'string' || !body.startsWith('{')) return method;
  return (JSON.parse(body) as { method?: string }).method ?? method;
}
