import { html, type Html } from './html.js';
import { alert, page } from './page.layout.js';
import type { ZoneUser } from './zone-declaration.interface.js';

/** What the login page shows. */
export interface LoginPage {
  readonly users: readonly ZoneUser[];
  readonly clientName: string;
  /** Id of the user to offer first. */
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
}

/** What the consent page shows. */
export interface ConsentPage {
  readonly clientName: string;
  readonly userName: string;
  readonly resourceName: string;
  readonly resource: string;
  readonly scopes: readonly string[];
  /** Host the browser is sent to afterwards. */
  readonly destination: string | undefined;
  /** Why nothing can be granted. */
  readonly problem: string | undefined;
}

// What most often lies behind it: an application that registered before a restart.
const FORGOTTEN_CLIENT = html`<p>
  A local zone forgets who registered when it stops. Let the application forget
  this server, and connect again.
</p>`;

export function loginPage(content: LoginPage): string {
  const forms = content.users.map((user) =>
    userForm(user, user.id === content.hint),
  );
  const cancel = html`<form method="post">
    <button name="action" value="cancel">Cancel</button>
  </form>`;
  return page(
    'Sign in',
    html`<p>to continue to <strong>${content.clientName}</strong></p>
      ${alert(content.error)} ${forms} ${cancel}`,
  );
}

export function consentPage(content: ConsentPage): string {
  const { clientName, resource, resourceName } = content;
  return page(
    `Allow ${clientName}?`,
    html`<p>Signed in as <strong>${content.userName}</strong>.</p>
      ${alert(content.problem)}
      <p>
        <strong>${clientName}</strong> wants access to
        <strong>${resourceName}</strong> (<code>${resource}</code>).
      </p>
      ${scopeList(content.scopes)} ${destination(content.destination)}
      <form method="post">
        ${
          content.problem === undefined &&
          html`<button class="primary" name="action" value="allow">
            Allow
          </button>`
        }
        <button name="action" value="cancel">Cancel</button>
      </form>`,
  );
}

/** The end of a connect link. */
export function connectedPage(
  granted: boolean,
  returnTo: string | undefined,
): string {
  const title = granted ? 'Access granted' : 'Access was not granted';
  const text = granted
    ? 'You can close this page and go back to the application.'
    : 'Nothing was changed.';
  return page(
    title,
    html`<p role="status">${text}</p>
      ${
        returnTo !== undefined &&
        html`<p><a href="${returnTo}">Return to the application</a></p>`
      }`,
  );
}

/** A page that says only why it goes no further. */
export function problemPage(title: string, message: string): string {
  return page(title, html`${alert(message)}`);
}

export function errorPage(
  error: string,
  description: string | undefined,
): string {
  return page(
    'Request refused',
    html`<p role="alert"><strong>${error}</strong>: ${description}</p>
      ${error === 'invalid_client' && FORGOTTEN_CLIENT}`,
  );
}

function userForm(user: ZoneUser, isHinted: boolean): Html {
  const name = user.name ?? user.id;
  const inputId = `password-${user.id}`;
  const password =
    user.password !== undefined &&
    html`<label for="${inputId}">Password of ${name}</label>
      <input
        id="${inputId}"
        type="password"
        name="password"
        autocomplete="current-password"
        required
      />`;
  const button = isHinted
    ? html`<button class="primary" name="user" value="${user.id}" autofocus>
        Continue as ${name}
      </button>`
    : html`<button name="user" value="${user.id}">Continue as ${name}</button>`;
  return html`<form method="post">${password} ${button}</form>`;
}

function scopeList(scopes: readonly string[]): Html {
  if (scopes.length === 0) {
    return html`<p>It asked for no scopes.</p>`;
  }
  const items = scopes.map((scope) => html`<li><code>${scope}</code></li>`);
  return html`<p>It will be able to use:</p>
    <ul>
      ${items}
    </ul>`;
}

function destination(host: string | undefined): Html | undefined {
  if (host === undefined) {
    return undefined;
  }
  return html`<p>Afterwards you will be sent to <code>${host}</code>.</p>`;
}
