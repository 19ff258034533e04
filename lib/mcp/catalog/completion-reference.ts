import { isRecord } from '../results/result-shape.js';
import type { McpCatalog } from './mcp-catalog.js';
import type { Prompt } from './prompt.interface.js';
import type { ResourceTemplate } from './resource.interface.js';

/** The prompt or template whose argument a client wants to complete. */
export function completionTargetOf(
  { prompts, templates }: Pick<McpCatalog, 'prompts' | 'templates'>,
  reference: unknown,
): Prompt | ResourceTemplate | undefined {
  if (!isRecord(reference)) return undefined;
  switch (reference.type) {
    case 'ref/prompt':
      return prompts.get(reference.name);
    case 'ref/resource':
      return templates.get(reference.uri);
    default:
      return undefined;
  }
}
