import type { ServerResponse } from 'node:http';
import type { ExecutionContext } from '@nestjs/common';

/** A response of either adapter. */
interface AnyResponse extends Partial<ServerResponse> {
  readonly raw?: ServerResponse;
}

/**
 * Fires when the client goes away before it has its answer. `undefined` where
 * there is no HTTP response to watch.
 */
export function disconnectSignal(
  context: ExecutionContext,
): AbortSignal | undefined {
  const response: AnyResponse | undefined = context
    .switchToHttp()
    .getResponse();
  const raw = response?.raw ?? response;
  if (typeof raw?.once !== 'function') return undefined;
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort();
  });
  return controller.signal;
}
