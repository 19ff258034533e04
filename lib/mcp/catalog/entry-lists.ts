import { LRUCache } from 'lru-cache';
import type { Principal } from '../../verification/principal.js';
import { encodeOnce } from '../results/encode-once.js';
import type { EntryRegistry } from './entry-registry.js';
import type { McpEntry } from './entry.interface.js';
import { pageOf } from './page.js';

/** Whether a caller has every scope. */
export type Permits = (
  principal: Principal,
  scopes: readonly string[],
) => boolean;

/** Which entries are listed, and how. */
export interface EntryListOptions {
  /** Member of the result that holds the list. */
  readonly member: string;
  /** Entries on a page. */
  readonly pageSize: number;
  /** Without it, everybody sees everything. */
  readonly permits?: Permits;
}

/** The result of a list request. */
export type ListResult = Readonly<Record<string, unknown>>;

/** Different lists kept at once. */
const MAX_LISTS = 256;

/** What callers see of the entries of one kind: one list per set of visible ones. */
export class EntryLists<Entry extends McpEntry> {
  private readonly firstPages = new LRUCache<string, ListResult>({
    max: MAX_LISTS,
  });
  private requirements: readonly (readonly string[])[] | undefined;

  constructor(
    private readonly registry: EntryRegistry<Entry>,
    private readonly options: EntryListOptions,
  ) {
    registry.onChange(() => {
      this.requirements = undefined;
      this.firstPages.clear();
    });
  }

  /**
   * A page for a caller; the same object for all who see the same.
   *
   * @throws JsonRpcError for a cursor that is not one of ours
   */
  for(principal: Principal, cursor?: unknown): ListResult {
    if (cursor !== undefined) return this.create(principal, cursor);
    const visible = this.visibilityFor(principal);
    let page = this.firstPages.get(visible);
    if (!page) {
      page = encodeOnce(this.create(principal, cursor));
      this.firstPages.set(visible, page);
    }
    return page;
  }

  /** The entries a caller may know of. */
  visibleTo(principal: Principal): readonly Entry[] {
    return this.registry.all.filter((entry) =>
      this.isVisible(entry, principal),
    );
  }

  /** Which of the different requirements are met: as many as there are kinds. */
  private visibilityFor(principal: Principal): string {
    const { permits } = this.options;
    this.requirements ??= distinctRequirements(this.registry.all);
    return this.requirements
      .map((scopes) => (permits?.(principal, scopes) === false ? 0 : 1))
      .join('');
  }

  private isVisible(entry: Entry, principal: Principal): boolean {
    return this.options.permits?.(principal, entry.scopes) !== false;
  }

  private create(principal: Principal, cursor: unknown): ListResult {
    const { member, pageSize } = this.options;
    const visible = this.visibleTo(principal);
    const page = pageOf(visible, ({ key }) => key, cursor, pageSize);
    const { items, ...next } = page;
    const documents = items.map(({ document }) => document);
    return Object.freeze({ [member]: Object.freeze(documents), ...next });
  }
}

function distinctRequirements(
  entries: readonly McpEntry[],
): readonly (readonly string[])[] {
  const distinct = new Map(
    entries.map(
      ({ scopes }) => [[...scopes].sort().join(' '), scopes] as const,
    ),
  );
  return [...distinct.values()];
}
