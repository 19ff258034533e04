/**
 * Reason of an aborted call. Named as the web platform names them, so that
 * code which tells cancellation from failure needs no import.
 */
export class CallAbortedError extends Error {
  override readonly name: 'AbortError' | 'TimeoutError';

  constructor(
    message: string,
    name: 'AbortError' | 'TimeoutError' = 'AbortError',
  ) {
    super(message);
    this.name = name;
  }
}
