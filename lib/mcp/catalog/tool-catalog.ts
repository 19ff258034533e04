import { McpDefinitionError } from '../mcp-definition.error.js';
import { DUPLICATE_TOOL } from '../mcp.messages.js';
import type { Tool } from './tool.interface.js';

/** The tools of one MCP server, by name. */
export class ToolCatalog {
  private readonly tools = new Map<string, Tool>();

  get size(): number {
    return this.tools.size;
  }

  /** In the order of their names: equal lists are equal to the byte. */
  get all(): readonly Tool[] {
    return [...this.tools.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws McpDefinitionError when the name is taken */
  add(tool: Tool): void {
    const other = this.tools.get(tool.name);
    if (other) {
      throw new McpDefinitionError(
        DUPLICATE_TOOL(tool.name, other.place, tool.place),
      );
    }
    this.tools.set(tool.name, tool);
  }

  get(name: unknown): Tool | undefined {
    return typeof name === 'string' ? this.tools.get(name) : undefined;
  }
}
