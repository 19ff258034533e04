import { randomBytes } from 'node:crypto';

/** A place in a stream: the last event that a client has. */
export interface EventCursor {
  readonly stream: string;
  readonly sequence: number;
}

/** The answer to a POST, or what a client listens to with GET. */
export type StreamKind = 'call' | 'listening';

const PREFIXES = { call: 'c', listening: 'l' } as const;

const EVENT_ID = /^([cl][\w-]{12})\.(0|[1-9]\d{0,14})$/;

/** An id for a new stream. No replica gives it again. */
export function createStreamId(kind: StreamKind): string {
  return PREFIXES[kind] + randomBytes(9).toString('base64url');
}

export function isListening(stream: string): boolean {
  return stream.startsWith(PREFIXES.listening);
}

/** The `id` of an event. It says nothing outside of its session. */
export function formatEventId({ stream, sequence }: EventCursor): string {
  return `${stream}.${sequence}`;
}

/** `undefined` for what is no id of an event of ours. */
export function parseEventId(id: string): EventCursor | undefined {
  const [, stream, sequence] = EVENT_ID.exec(id) ?? [];
  return stream === undefined
    ? undefined
    : { stream, sequence: Number(sequence) };
}
