import {
  request as send,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { MAX_TOKEN_LENGTH } from './platform-token.js';
import type { TokenSourceName } from './token-source.interface.js';
import { WorkloadIdentityConfigurationError } from './workload-identity-configuration.error.js';
import { WorkloadIdentityError } from './workload-identity.error.js';
import {
  INVALID_TIMEOUT,
  MALFORMED_TOKEN,
  TIMED_OUT,
  UNEXPECTED_STATUS,
  UNREACHABLE,
} from './workload-identity.messages.js';

/** Milliseconds until a platform's token service is given up. */
export const DEFAULT_TIMEOUT = 5000;

/** A request to a service that only this machine can reach. */
export interface TokenServiceRequest {
  readonly source: TokenSourceName;
  readonly target: RequestOptions;
  readonly body?: string;
  readonly timeout: number;
}

/** What a token service answered. */
export interface TokenServiceResponse {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/**
 * Asks a token service of the platform, over a socket of its own. No proxy, no
 * redirects, a deadline for the whole answer and a bounded body.
 *
 * @throws WorkloadIdentityError
 */
export async function requestPlatformToken(
  request: TokenServiceRequest,
): Promise<TokenServiceResponse> {
  const { source } = request;
  const deadline = AbortSignal.timeout(request.timeout);
  try {
    const response = await sendRequest(request, deadline);
    if (response.statusCode !== 200) {
      response.destroy();
      throw new WorkloadIdentityError(
        source,
        UNEXPECTED_STATUS(response.statusCode ?? 0),
      );
    }
    const body = await readBounded(response, source);
    return { headers: response.headers, body };
  } catch (cause) {
    if (cause instanceof WorkloadIdentityError) throw cause;
    throw new WorkloadIdentityError(
      source,
      deadline.aborted ? TIMED_OUT : UNREACHABLE,
      { cause },
    );
  }
}

/** @throws WorkloadIdentityConfigurationError */
export function assertTimeout(timeout: number, source: TokenSourceName): void {
  if (Number.isFinite(timeout) && timeout > 0) return;
  throw new WorkloadIdentityConfigurationError(source, INVALID_TIMEOUT);
}

function sendRequest(
  { target, body }: TokenServiceRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = send({ ...target, agent: false, signal }, resolve);
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

async function readBounded(
  response: IncomingMessage,
  source: TokenSourceName,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_TOKEN_LENGTH) {
      throw new WorkloadIdentityError(source, MALFORMED_TOKEN);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
