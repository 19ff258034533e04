import type { ServerCapabilities } from '@modelcontextprotocol/sdk/types.js';
import type { McpChange } from '../../changes/change.js';
import { isObject } from '../../transport/message-classifier.js';

/**
 * What a client wants to be told of.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions
 */
export interface ListenFilter {
  readonly toolsListChanged?: true;
  readonly promptsListChanged?: true;
  readonly resourcesListChanged?: true;
  readonly resourceSubscriptions?: readonly string[];
}

const LISTS = [
  ['toolsListChanged', 'tools'],
  ['promptsListChanged', 'prompts'],
  ['resourcesListChanged', 'resources'],
] as const;

/** The filter of a request; `undefined` when there is none, or it is not sound. */
export function readFilter(
  params: Readonly<Record<string, unknown>> | undefined,
): ListenFilter | undefined {
  const filter = params?.['notifications'];
  if (!isObject(filter)) return undefined;
  const wanted = LISTS.map(([member]) => [member, filter[member]] as const);
  if (!wanted.every(([, value]) => isOptionalBoolean(value))) return undefined;
  const { resourceSubscriptions: uris = [] } = filter;
  if (!isTextList(uris)) return undefined;
  return {
    ...Object.fromEntries(wanted.filter(([, value]) => value === true)),
    ...(uris.length > 0 && { resourceSubscriptions: [...new Set(uris)] }),
  };
}

/** As much of a filter as a server can keep to. */
export function honouredPart(
  { resourceSubscriptions, ...lists }: ListenFilter,
  capabilities: ServerCapabilities,
): ListenFilter {
  const honoured = LISTS.filter(
    ([member, area]) => lists[member] && capabilities[area]?.listChanged,
  ).map(([member]) => [member, true] as const);
  return {
    ...Object.fromEntries(honoured),
    ...(resourceSubscriptions &&
      resourceSubscriptions.length > 0 &&
      capabilities.resources?.subscribe && { resourceSubscriptions }),
  };
}

/** Whether a client wants to be told of a change. */
export function accepts(filter: ListenFilter, change: McpChange): boolean {
  switch (change.type) {
    case 'tools_list_changed':
      return filter.toolsListChanged === true;
    case 'prompts_list_changed':
      return filter.promptsListChanged === true;
    case 'resources_list_changed':
      return filter.resourcesListChanged === true;
    default:
      return filter.resourceSubscriptions?.includes(change.uri) ?? false;
  }
}

function isOptionalBoolean(value: unknown): boolean {
  return value === undefined || typeof value === 'boolean';
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
