/**
 * What a promise comes to, unless the signal is aborted first: then its reason.
 * What was going on goes on.
 */
export async function untilCancelled<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  onCancel?: (reason: unknown) => void,
): Promise<T> {
  if (!signal) return work;
  let cancel: () => void;
  const cancelled = new Promise<never>((_resolve, reject) => {
    cancel = () => {
      onCancel?.(signal.reason);
      reject(signal.reason as Error);
    };
  });
  if (signal.aborted) cancel!();
  else signal.addEventListener('abort', cancel!, { once: true });
  try {
    return await Promise.race([cancelled, work]);
  } finally {
    signal.removeEventListener('abort', cancel!);
  }
}
