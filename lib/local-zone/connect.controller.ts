import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import {
  CONNECT_DONE_PATH,
  findConnection,
  saveConnection,
} from './connection.js';
import { connectedPage, problemPage } from './interaction.pages.js';
import { CONNECT_CLIENT_ID } from './local-zone.constants.js';
import { PageMessages } from './local-zone.messages.js';
import { isLoopbackWebUrl } from './loopback.js';
import { redirect, sendPage } from './page.response.js';
import type { ZoneContext } from './zone-context.js';

/** The link a user opens to allow an application to act on a resource. */
export class ConnectController {
  constructor(private readonly context: ZoneContext) {}

  /** Turns the link into an authorization request of the zone's own client. */
  start(url: URL, response: ServerResponse): void {
    const { model } = this.context;
    const query = url.searchParams;
    const application = model.applications.get(query.get('application') ?? '');
    const resource = model.resources.get(query.get('resource') ?? '');
    const returnTo = query.get('return_to') || undefined;
    const isConnectable =
      application !== undefined &&
      resource !== undefined &&
      application.dependsOn.has(resource.identifier);
    if (!isConnectable || (returnTo && !isLoopbackWebUrl(returnTo))) {
      this.refuse(response);
      return;
    }
    const user = query.get('user') ?? undefined;
    const state = saveConnection(this.context, {
      application: application.id,
      user,
      returnTo,
      granted: false,
    });
    const parameters = new URLSearchParams({
      client_id: CONNECT_CLIENT_ID,
      response_type: 'code',
      redirect_uri: this.context.issuer + CONNECT_DONE_PATH,
      resource: resource.identifier,
      state,
      code_challenge: randomBytes(32).toString('base64url'),
      code_challenge_method: 'S256',
    });
    if (user !== undefined) {
      parameters.set('login_hint', user);
    }
    const { issuer, endpoints } = this.context;
    const location = new URL(issuer + endpoints.authorization);
    location.search = parameters.toString();
    redirect(response, 303, location.href);
  }

  /** Tells the user how it ended. */
  finish(url: URL, response: ServerResponse): void {
    const state = url.searchParams.get('state');
    const connection = findConnection(this.context, state);
    if (!connection) {
      this.refuse(response);
      return;
    }
    const { granted, returnTo } = connection;
    sendPage(response, 200, connectedPage(granted, returnTo));
  }

  private refuse(response: ServerResponse): void {
    const message = PageMessages.unknownConnection();
    sendPage(response, 400, problemPage('Nothing to connect', message));
  }
}
