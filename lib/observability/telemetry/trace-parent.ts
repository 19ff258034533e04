/** Where a request comes from, in the sender's trace. */
export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  /** Bit 0: the sender records its trace. */
  readonly traceFlags: number;
}

const TRACE_PARENT =
  /^(?<version>[0-9a-f]{2})-(?<traceId>[0-9a-f]{32})-(?<spanId>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<rest>-.*)?$/;

const KNOWN_VERSION = '00';
const FORBIDDEN_VERSION = 'ff';
const SAMPLED = 1;

/**
 * Reads a `traceparent`. Later versions may say more after what is known;
 * anything else that is not exactly right counts as absent.
 *
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function parseTraceParent(value: unknown): TraceParent | undefined {
  if (typeof value !== 'string') return undefined;
  const parts = TRACE_PARENT.exec(value)?.groups;
  if (!parts) return undefined;
  const { version, traceId, spanId, flags, rest } = parts;
  if (version === FORBIDDEN_VERSION) return undefined;
  if (version === KNOWN_VERSION && rest !== undefined) return undefined;
  if (isZero(traceId!) || isZero(spanId!)) return undefined;
  return {
    traceId: traceId!,
    spanId: spanId!,
    traceFlags: Number.parseInt(flags!, 16) & SAMPLED,
  };
}

function isZero(id: string): boolean {
  return /^0+$/.test(id);
}
