import {
  CAPABILITIES_META,
  REVISION,
  VERSION_META,
} from '../../mcp/modern/support/modern-messages.js';
import { JSON_HEADERS } from './isolation-client.js';

/** Parts of a call of the tool `echo`, as JSON text: what `stringify` would tidy up. */
export interface RawMessage {
  readonly id?: string;
  readonly method?: string;
  readonly name?: string;
  readonly input?: string;
  /** More members, each with a comma before it. */
  readonly more?: string;
  readonly params?: string;
  readonly meta?: string;
}

/** A protocol era, on the wire. */
export interface WireEra {
  readonly revision: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly message: (parts?: RawMessage) => string;
}

function messageOf(ownMeta: string) {
  return ({
    id = '1',
    method = '"tools/call"',
    name = '"echo"',
    input = '{"nonce":"x"}',
    more = '',
    params = '',
    meta = '',
  }: RawMessage = {}): string =>
    `{"jsonrpc":"2.0","id":${id},"method":${method},"params":{"name":${name},` +
    `"arguments":${input},"_meta":{"here":1${ownMeta}${meta}}${params}}${more}}`;
}

/** Both eras, for `describe.each`. */
export const ERAS: readonly [revision: string, era: WireEra][] = [
  {
    revision: '2025-11-25',
    headers: JSON_HEADERS,
    message: messageOf(''),
  },
  {
    revision: REVISION,
    headers: {
      ...JSON_HEADERS,
      'mcp-protocol-version': REVISION,
      'mcp-method': 'tools/call',
      'mcp-name': 'echo',
    },
    message: messageOf(
      `,"${VERSION_META}":"${REVISION}","${CAPABILITIES_META}":{}`,
    ),
  },
].map((era) => [era.revision, era]);

/** So many lists, or objects, in each other. */
export const nested = (levels: number, kind: 'list' | 'object' = 'object') =>
  kind === 'list'
    ? '['.repeat(levels) + ']'.repeat(levels)
    : `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
