const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup that needs no escaping any more. */
export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** What a template may contain. Nothing is rendered for `undefined` and `false`. */
export type HtmlValue = Html | readonly Html[] | string | undefined | false;

/**
 * Builds markup. Every string put into it is escaped; only the template itself
 * and other markup are taken as they are.
 */
export function html(
  template: TemplateStringsArray,
  ...values: readonly HtmlValue[]
): Html {
  const parts = template.map((part, index) => part + render(values[index]));
  return new Html(parts.join(''));
}

function render(value: HtmlValue): string {
  if (value === undefined || value === false) {
    return '';
  }
  if (value instanceof Html) {
    return value.text;
  }
  if (typeof value === 'string') {
    return value.replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
  }
  return value.map((item) => item.text).join('');
}
