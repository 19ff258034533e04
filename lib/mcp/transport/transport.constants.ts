/** `_meta` member by which a request of the modern era names its revision. */
export const PROTOCOL_VERSION_META = 'io.modelcontextprotocol/protocolVersion';

/** By which clients of the modern era listen for changes; no other has it. */
export const LISTEN = 'subscriptions/listen';

/** First revision of the modern, sessionless era. */
export const MODERN_REVISION = '2026-07-28';

/**
 * The only revision whose messages may come in batches, and the one to assume
 * of a request that names none.
 */
export const BATCH_REVISION = '2025-03-26';

/** What the SDK answers with when a request takes too long. */
export const REQUEST_TIMED_OUT = -32001;

/** A request of the modern era that this endpoint does not speak. */
export const UNSUPPORTED_PROTOCOL_VERSION = -32022;

/** Seconds a client should wait before it asks for a session again. */
export const RETRY_AFTER_SECONDS = 30;

/** Times a call may ask its client for input before it is given up. */
export const MAX_INPUT_ROUNDS = 8;

/**
 * Milliseconds in which a client must answer what it is asked within a call:
 * as long as one of the modern era has to come back with its answers.
 */
export const INPUT_TIMEOUT = 600_000;

/** Milliseconds for which a client may take nothing of what it is sent. */
export const STALL_TIMEOUT = 60_000;

/** Bytes a client may leave unread before it is sent nothing more. */
export const MAX_BACKLOG = 1024 * 1024;

/** Longest delay of a timer; node fires at once when asked for more. */
export const MAX_TIMER_DELAY = 2 ** 31 - 1;
