import type { Narrator } from './narrator.js';

/** A `fetch` that tells what goes over the wire, without any token. */
export function createToldFetch(narrator: Narrator): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const response = await fetch(input, init);
    const method = init?.method ?? 'GET';
    const message = describe(init);
    narrator.tell(
      `${method} ${url.origin}${url.pathname}${message} -> ${response.status}`,
    );
    const challenge = response.headers.get('www-authenticate');
    if (challenge) narrator.tell(`  WWW-Authenticate: ${challenge}`);
    return response;
  };
}

function describe(init: RequestInit | undefined): string {
  const { body } = init ?? {};
  if (body instanceof URLSearchParams) return ` (${body.get('grant_type')})`;
  if (typeof body !== 'string' || !body.startsWith('{')) return '';
  const { method, params } = JSON.parse(body) as {
    method?: string;
    params?: { name?: string };
  };
  if (!method) return '';
  return params?.name ? ` (${method} ${params.name})` : ` (${method})`;
}
