import type { IncomingMessage } from 'node:http';
import {
  LATEST_PROTOCOL_VERSION,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/sdk/types.js';
import { isObject } from './message-classifier.js';
import {
  MODERN_REVISION,
  PROTOCOL_VERSION_META,
} from './transport.constants.js';

const SUPPORTED = new Set(SUPPORTED_PROTOCOL_VERSIONS);

/** Revisions of the 2025 era, newest first. */
export const SUPPORTED_REVISIONS: readonly string[] =
  SUPPORTED_PROTOCOL_VERSIONS;

/** Whether a revision, if one is named, is of the 2025 era. */
export function isSupportedRevision(revision: string | undefined): boolean {
  return revision === undefined || SUPPORTED.has(revision);
}

/** The revision that is agreed on with a client of the 2025 era. */
export function negotiatedRevision(requested: string): string {
  return SUPPORTED.has(requested) ? requested : LATEST_PROTOCOL_VERSION;
}

/** Revision the `MCP-Protocol-Version` header names. */
export function revisionHeaderOf(request: IncomingMessage): string | undefined {
  return request.headers['mcp-protocol-version'] as string | undefined;
}

/**
 * Whether a request is of the modern era. A claim in the message counts even
 * when it makes no sense: its error is then the modern one.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning
 */
export function isModern(body: unknown, header: string | undefined): boolean {
  return header === MODERN_REVISION || claimedRevision(body) !== undefined;
}

/** The revision a message claims in its `_meta`. */
export function claimedRevision(body: unknown): unknown {
  if (!isObject(body) || !isObject(body['params'])) return undefined;
  const meta = body['params']['_meta'];
  return isObject(meta) ? meta[PROTOCOL_VERSION_META] : undefined;
}
