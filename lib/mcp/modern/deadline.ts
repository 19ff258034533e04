import { MAX_TIMER_DELAY } from '../transport/transport.constants.js';

/**
 * Waits for a result, or no longer than that.
 *
 * @param milliseconds 0 waits for ever
 */
export async function withDeadline<T>(
  work: PromiseLike<T>,
  milliseconds: number,
  expire: () => T,
): Promise<T> {
  if (!(milliseconds > 0)) return work;
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<T>((resolve, reject) => {
    const delay = Math.min(milliseconds, MAX_TIMER_DELAY);
    timer = setTimeout(() => {
      try {
        resolve(expire());
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    }, delay);
    timer.unref();
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
