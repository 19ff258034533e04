/** Whether a value is there already, or has to be waited for. */
export function isPromiseLike<T>(
  value: T | PromiseLike<T>,
): value is PromiseLike<T> {
  return typeof (value as { then?: unknown } | null)?.then === 'function';
}
