import { McpDefinitionError } from '../mcp-definition.error.js';
import { DUPLICATE_ENTRY, NOT_LISTABLE } from '../mcp.messages.js';
import type { McpEntry } from './entry.interface.js';

/** The entries of one kind of one MCP server, by their keys. */
export class EntryRegistry<Entry extends McpEntry> {
  private readonly entries = new Map<string, Entry>();
  private sorted: readonly Entry[] | undefined;
  private readonly listeners = new Set<() => void>();

  get size(): number {
    return this.entries.size;
  }

  /** In the order of their keys: equal lists are equal to the byte. */
  get all(): readonly Entry[] {
    this.sorted ??= [...this.entries.values()].sort((a, b) =>
      a.key < b.key ? -1 : 1,
    );
    return this.sorted;
  }

  /** @throws McpDefinitionError when the key is taken, or it cannot be listed */
  add(entry: Entry): void {
    checkDocument(entry);
    const other = this.entries.get(entry.key);
    if (other) {
      throw new McpDefinitionError(
        DUPLICATE_ENTRY(entry.key, other.place, entry.place),
      );
    }
    this.entries.set(entry.key, entry);
    this.changed();
  }

  /** `false`: it was not there, or is another one by now. */
  remove(entry: Entry): boolean {
    if (this.entries.get(entry.key) !== entry) return false;
    this.entries.delete(entry.key);
    this.changed();
    return true;
  }

  get(key: unknown): Entry | undefined {
    return typeof key === 'string' ? this.entries.get(key) : undefined;
  }

  /** Calls back whenever an entry came or went. */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  private changed(): void {
    this.sorted = undefined;
    for (const listener of this.listeners) listener();
  }
}

/** One that cannot be written would fail every list that it is in. */
function checkDocument({ document, place }: McpEntry): void {
  try {
    JSON.stringify(document);
  } catch (cause) {
    throw new McpDefinitionError(NOT_LISTABLE(place), { cause });
  }
}
