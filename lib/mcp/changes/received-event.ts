import { isRecord } from '../results/result-shape.js';
import { LIST_CHANGES, type ListChange, type McpChange } from './change.js';

/** Characters of a URI that a client can have subscribed to. */
const MAX_URI_LENGTH = 4096;

/** Characters of an event as JSON. */
const MAX_EVENT_LENGTH = 4 * MAX_URI_LENGTH;

/** Whose events are of interest. */
export interface EventFilter {
  readonly server: string;
  /** Who we are: our own events are known. */
  readonly origin: string;
}

/**
 * What another replica tells; `undefined` for everything else that may come
 * by a bus: others may write to it.
 *
 * @param event an object, or its JSON
 */
export function readEvent(
  event: unknown,
  { server, origin }: EventFilter,
): McpChange | undefined {
  const value = typeof event === 'string' ? parse(event) : event;
  if (!isRecord(value) || value.server !== server) return undefined;
  if (typeof value.origin !== 'string' || value.origin === origin) {
    return undefined;
  }
  const { type, uri } = value;
  if (type === 'resource_updated') {
    return isUri(uri) ? { type, uri } : undefined;
  }
  return isListChange(type) ? { type } : undefined;
}

function parse(text: string): unknown {
  if (text.length > MAX_EVENT_LENGTH) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isListChange(type: unknown): type is ListChange {
  return LIST_CHANGES.some((known) => known === type);
}

function isUri(uri: unknown): uri is string {
  return typeof uri === 'string' && uri.length <= MAX_URI_LENGTH;
}
