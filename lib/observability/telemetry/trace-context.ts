import { parseBaggage, type BaggageMember } from './baggage.js';
import { parseTraceParent, type TraceParent } from './trace-parent.js';
import { parseTraceState } from './trace-state.js';

/** `_meta` of a request, or the headers it came with. */
export type TraceCarrier = Readonly<Record<string, unknown>>;

/** Which of the two said so. */
export type TraceSource = 'meta' | 'headers';

/** Where the sender is in its own trace. */
export interface RemoteParent extends TraceParent {
  readonly source: TraceSource;
  readonly traceState?: string;
}

/** What the sender wants everybody on the way to know. */
export interface RemoteBaggage {
  readonly source: TraceSource;
  readonly members: readonly BaggageMember[];
}

/**
 * What a sender says about its own trace.
 *
 * @publicApi
 */
export interface TraceContext {
  readonly parent?: RemoteParent;
  readonly baggage?: RemoteBaggage;
}

/**
 * The trace context of an MCP request. `_meta` goes first: one HTTP request
 * may carry several MCP requests. Headers stand in for what it does not say.
 *
 * @returns `undefined` when neither says anything that is valid
 * @see https://modelcontextprotocol.io/community/seps/414-request-meta
 */
export function traceContextOf(
  meta: TraceCarrier | undefined,
  headers: TraceCarrier | undefined,
): TraceContext | undefined {
  const parent = parentIn('meta', meta) ?? parentIn('headers', headers);
  const baggage = baggageIn('meta', meta) ?? baggageIn('headers', headers);
  if (!parent && !baggage) return undefined;
  return { ...(parent && { parent }), ...(baggage && { baggage }) };
}

function parentIn(
  source: TraceSource,
  carrier: TraceCarrier | undefined,
): RemoteParent | undefined {
  const parent = parseTraceParent(carrier?.traceparent);
  if (!parent) return undefined;
  const traceState = parseTraceState(carrier?.tracestate);
  return { source, ...parent, ...(traceState && { traceState }) };
}

function baggageIn(
  source: TraceSource,
  carrier: TraceCarrier | undefined,
): RemoteBaggage | undefined {
  const members = parseBaggage(carrier?.baggage);
  return members.length > 0 ? { source, members } : undefined;
}
