import { Html, html } from './html.js';
import { PAGE_ICON } from './page.icon.js';
import { PAGE_STYLE } from './page.style.js';

/** Wraps the content of a page in a document. */
export function page(title: string, content: Html): string {
  const style = new Html(`<style>${PAGE_STYLE}</style>`);
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Local zone</title>
        <link rel="icon" href="${PAGE_ICON}" />
        ${style}
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${content}
        </main>
        <footer>Local zone for development. These are demo users.</footer>
      </body>
    </html> `;
  return document.text;
}

/** A message that assistive technology announces at once. */
export function alert(message: string | undefined): Html | undefined {
  return message === undefined
    ? undefined
    : html`<p role="alert">${message}</p>`;
}
