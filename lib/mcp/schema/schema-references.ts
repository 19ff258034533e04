import { isPlainRecord } from './json-value.js';
import { SchemaDefinitionError } from './schema-definition.error.js';
import { DefinitionMessages } from './schema.messages.js';

// Their values are data: a "$ref" in there is not a reference.
const DATA_KEYWORDS = new Set(['const', 'enum', 'default', 'examples']);

// Makes a document without a `$id` of its own resolvable, as Ajv does.
const NO_BASE = 'schema:/';

interface Found {
  readonly identifiers: Set<string>;
  readonly references: Map<string, string>;
}

/**
 * Refuses a document that points outside of itself. Following such a reference
 * would let a schema make this server, or a client, call any address.
 *
 * @see https://modelcontextprotocol.io/specification/draft/server/tools
 */
export function refuseRemoteReferences(
  document: Readonly<Record<string, unknown>>,
): void {
  const found: Found = {
    identifiers: new Set([NO_BASE]),
    references: new Map(),
  };
  visit(document, NO_BASE, found);
  for (const [target, reference] of found.references) {
    if (!found.identifiers.has(target)) {
      throw new SchemaDefinitionError(
        'schema_remote_reference',
        DefinitionMessages.remoteReference(reference),
      );
    }
  }
}

function visit(node: unknown, parentBase: string, found: Found): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, parentBase, found);
    return;
  }
  if (!isPlainRecord(node)) return;
  let base = parentBase;
  const { $id, $ref, $dynamicRef } = node;
  if (typeof $id === 'string') {
    base = resolve($id, parentBase);
    found.identifiers.add(base);
  }
  for (const reference of [$ref, $dynamicRef]) {
    if (typeof reference === 'string') {
      found.references.set(resolve(reference, base), reference);
    }
  }
  for (const [keyword, value] of Object.entries(node)) {
    if (!DATA_KEYWORDS.has(keyword)) visit(value, base, found);
  }
}

/** The document a reference is in: its address without the fragment. */
function resolve(reference: string, base: string): string {
  const address = URL.canParse(reference, base)
    ? new URL(reference, base).href
    : reference;
  return address.split('#', 1)[0]!;
}
