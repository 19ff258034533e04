import { OAuthError } from './errors/oauth.error.js';
import { OAuthHttpError } from './errors/oauth-http.error.js';
import { OAuthNetworkError } from './errors/oauth-network.error.js';
import { OAuthResponseError } from './errors/oauth-response.error.js';
import {
  NETWORK_FAILURE,
  REDIRECT_REFUSED,
  RESPONSE_TOO_LARGE,
  TIMED_OUT,
} from './oauth.messages.js';
import { parseSecureUrl } from './secure-url.js';

/** How to reach an authorization server. */
export interface HttpOptions {
  /**
   * Milliseconds until a request is given up.
   * @default 10000
   */
  readonly timeout?: number;
  /**
   * Largest response accepted, in bytes.
   * @default 1048576
   */
  readonly maxResponseSize?: number;
  /** @default 'nestjs-keycard' */
  readonly userAgent?: string;
  /** Replaces the global `fetch`, for a proxy or a custom certificate authority. */
  readonly fetch?: typeof fetch;
}

/** A `fetch` that is safe to send secrets through. */
export type HttpFetch = (url: string, init?: RequestInit) => Promise<Response>;

/**
 * Wraps `fetch` with the rules that every call to an authorization server
 * keeps: secure URLs only, no redirects, a deadline and a bounded body.
 * The returned response holds its body in memory and no header but the
 * content type.
 */
export function createHttpFetch(options: HttpOptions = {}): HttpFetch {
  const {
    timeout = 10_000,
    maxResponseSize = 1_048_576,
    userAgent = 'nestjs-keycard',
  } = options;

  return async (url, init = {}) => {
    parseSecureUrl(url);
    const headers = new Headers(init.headers);
    headers.set('user-agent', userAgent);
    const deadline = AbortSignal.timeout(timeout);
    const signal = init.signal
      ? AbortSignal.any([init.signal, deadline])
      : deadline;
    try {
      const response = await (options.fetch ?? fetch)(url, {
        ...init,
        headers,
        signal,
        redirect: 'manual',
      });
      if (isRedirect(response)) {
        await response.body?.cancel();
        throw new OAuthHttpError(response.status, REDIRECT_REFUSED);
      }
      const body = await readBounded(response, maxResponseSize);
      return new Response(body.length > 0 ? body : null, {
        status: response.status,
        headers: { 'content-type': response.headers.get('content-type') ?? '' },
      });
    } catch (error) {
      if (error instanceof OAuthError) throw error;
      // The caller's own cancellation is not a failure of the server.
      init.signal?.throwIfAborted();
      throw new OAuthNetworkError(
        deadline.aborted ? TIMED_OUT : NETWORK_FAILURE,
        { cause: error },
      );
    }
  };
}

/** Also as a `fetch` of the user's may tell it: opaque, or already followed. */
function isRedirect({ status, type, redirected }: Response): boolean {
  const isAnswered = status >= 300 && status < 400;
  return isAnswered || redirected || type === 'opaqueredirect';
}

async function readBounded(
  response: Response,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > limit) throw new OAuthResponseError(RESPONSE_TOO_LARGE);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
