/**
 * A signal, or how to get it. To make one takes longer than to find a token
 * that is at hand, and then nobody needs it.
 */
export type SignalSource = AbortSignal | (() => AbortSignal);

export function signalOf(
  source: SignalSource | undefined,
): AbortSignal | undefined {
  return typeof source === 'function' ? source() : source;
}
