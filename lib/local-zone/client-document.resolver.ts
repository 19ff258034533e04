import { isLoopbackUrl } from './loopback.js';
import type { ZoneContext } from './zone-context.js';

const CACHE_SECONDS = 60;
const FETCH_TIMEOUT_MILLISECONDS = 2500;

type ClientMetadata = Readonly<Record<string, unknown>>;

/**
 * Finds a client among the declared ones, then among the metadata documents
 * that servers under development publish on `http://localhost`. The standard
 * is `https:` only; oidc-provider resolves those itself.
 */
export async function findClient(
  context: ZoneContext,
  clientId: string,
): Promise<ClientMetadata | undefined> {
  const declared = context.model.clients.get(clientId);
  if (declared) {
    return declared.metadata;
  }
  if (!clientId.startsWith('http:') || !isLoopbackUrl(clientId)) {
    return undefined;
  }
  const key = `client-document:${clientId}`;
  const cached = context.store.get<ClientMetadata>(key);
  if (cached) {
    return cached;
  }
  const document = await fetchDocument(clientId);
  if (document) {
    context.store.set(key, document, CACHE_SECONDS);
  }
  return document;
}

async function fetchDocument(url: string): Promise<ClientMetadata | undefined> {
  try {
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(FETCH_TIMEOUT_MILLISECONDS),
      headers: { accept: 'application/json' },
    });
    if (!response.ok) {
      return undefined;
    }
    const document = (await response.json()) as Record<string, unknown>;
    return acceptDocument(url, document);
  } catch {
    return undefined;
  }
}

function acceptDocument(
  url: string,
  document: Record<string, unknown>,
): ClientMetadata | undefined {
  const method = document['token_endpoint_auth_method'];
  const usesSecret =
    typeof method === 'string' && method.startsWith('client_secret');
  if (document['client_id'] !== url || usesSecret) {
    return undefined;
  }
  const { scope: _, ...metadata } = document;
  return metadata;
}
