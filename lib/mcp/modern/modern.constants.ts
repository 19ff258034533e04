import { INPUT_TIMEOUT } from '../transport/transport.constants.js';

/** `_meta` members of a request of the modern era, beside its revision. */
export const CLIENT_INFO_META = 'io.modelcontextprotocol/clientInfo';
export const CLIENT_CAPABILITIES_META =
  'io.modelcontextprotocol/clientCapabilities';
export const LOG_LEVEL_META = 'io.modelcontextprotocol/logLevel';

/** `_meta` members of what a client that listens is sent. */
export const SUBSCRIPTION_ID_META = 'io.modelcontextprotocol/subscriptionId';
export const SERVER_INFO_META = 'io.modelcontextprotocol/serverInfo';

/** Methods of the 2025 era that this one took out of use. */
export const REMOVED_METHODS: readonly string[] = [
  'resources/subscribe',
  'resources/unsubscribe',
];

/** Error of the 2025 era, and what stands for it in the modern one. */
export const RESOURCE_NOT_FOUND = -32002;

/** An HTTP header says something else than the body. */
export const HEADER_MISMATCH = -32020;

/** Code of the 2025 era, which the modern one took out of use. */
export const URL_ELICITATION_REQUIRED = -32042;

/** Milliseconds for which a client may keep a list. */
export const LIST_TIME_TO_LIVE = 60_000;

/** Seconds in which a client may come back with the answers of its user. */
export const STATE_TIME_TO_LIVE = INPUT_TIMEOUT / 1000;
