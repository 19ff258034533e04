import { UriTemplate } from '@modelcontextprotocol/sdk/shared/uriTemplate.js';

/** Characters of a URI that are worth a comparison. */
const MAX_URI_LENGTH = 4096;

const EXPRESSION = /\{[^}]*\}/g;
const RESERVED = /\{[+#]/g;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Values of the variables of a template, as they were before they were encoded. */
export type UriVariables = Record<string, string | string[]>;

/**
 * A URI template that tells whether a URI is one of its own.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6570
 */
export class UriPattern {
  /** Characters that are the same in all of its URIs. */
  readonly literalLength: number;
  /** How many of its variables may hold slashes. */
  readonly reach: number;
  private readonly uriTemplate: UriTemplate;

  /** @throws Error when it is not a template */
  constructor(readonly template: string) {
    this.uriTemplate = new UriTemplate(template);
    this.literalLength = template.replaceAll(EXPRESSION, '').length;
    this.reach = template.match(RESERVED)?.length ?? 0;
  }

  /** Whether a text has variables at all. */
  static isTemplate(text: string): boolean {
    return UriTemplate.isTemplate(text);
  }

  get variables(): readonly string[] {
    return this.uriTemplate.variableNames;
  }

  /** Whether its variables can be told from one another when a URI is read. */
  get isReadable(): boolean {
    const { variables } = this;
    return (
      variables.length > 0 &&
      variables.every((name) => VARIABLE.test(name)) &&
      new Set(variables).size === variables.length &&
      this.expand('0') !== undefined
    );
  }

  /** `undefined` for a URI that is none of these, or is not encoded as it must be. */
  match(uri: string): UriVariables | undefined {
    if (uri.length > MAX_URI_LENGTH) return undefined;
    const matched = this.uriTemplate.match(uri);
    if (!matched) return undefined;
    try {
      return Object.fromEntries(
        Object.entries(matched).map(([name, value]) => [name, decode(value)]),
      );
    } catch {
      return undefined;
    }
  }

  // A template the parser cannot read back would never find its resources.
  private expand(value: string): UriVariables | undefined {
    const values = this.variables.map((name) => [name, value] as const);
    return this.match(this.uriTemplate.expand(Object.fromEntries(values)));
  }
}

/**
 * Sorts patterns so that of those that match a URI, the most specific comes
 * first: the one with more text of its own, else one whose variables hold no
 * slashes. What needs a scope must not be found by what is open to all.
 */
export function comparePatterns(a: UriPattern, b: UriPattern): number {
  return b.literalLength - a.literalLength || a.reach - b.reach;
}

/** @throws URIError */
function decode(value: string | string[]): string | string[] {
  return Array.isArray(value)
    ? value.map((part) => decodeURIComponent(part))
    : decodeURIComponent(value);
}
