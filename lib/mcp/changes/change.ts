/** Lists that clients keep, and want to hear about when they change. */
export const LIST_CHANGES = [
  'tools_list_changed',
  'prompts_list_changed',
  'resources_list_changed',
] as const;
export type ListChange = (typeof LIST_CHANGES)[number];

/** Something of a server that its clients may want to know. */
export type McpChange =
  | { readonly type: ListChange }
  | { readonly type: 'resource_updated'; readonly uri: string };

/** A change as clients are told of it. */
export interface ChangeNotification {
  readonly method: string;
  readonly params?: { readonly uri: string };
}

const METHODS: Record<McpChange['type'], string> = {
  tools_list_changed: 'notifications/tools/list_changed',
  prompts_list_changed: 'notifications/prompts/list_changed',
  resources_list_changed: 'notifications/resources/list_changed',
  resource_updated: 'notifications/resources/updated',
};

export function toNotification(change: McpChange): ChangeNotification {
  const method = METHODS[change.type];
  return 'uri' in change ? { method, params: { uri: change.uri } } : { method };
}

/** Equal for changes that need not be told twice. */
export function keyOf(change: McpChange): string {
  return 'uri' in change ? `${change.type} ${change.uri}` : change.type;
}
