import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Interaction, InteractionResults } from 'oidc-provider';
import { findConnection, type Connection } from './connection.js';
import { consentPage, loginPage, problemPage } from './interaction.pages.js';
import { CONNECT_CLIENT_ID, SERVER_SCOPES } from './local-zone.constants.js';
import { PageMessages, RefusalMessages } from './local-zone.messages.js';
import { sendPage } from './page.response.js';
import type { ProviderHost } from './provider-host.js';
import { strings, words } from './text.js';
import type { ZoneContext } from './zone-context.js';
import type { ResourceEntry } from './zone-model.js';

/** One step of a sign-in: what was asked, by whom, for what. */
interface InteractionStep {
  readonly interaction: Interaction;
  readonly clientId: string;
  readonly clientName: string;
  readonly redirectUri: string;
  readonly scope: readonly string[];
  readonly resource: ResourceEntry | undefined;
  /** Set when the step belongs to a connect link. */
  readonly connection: Connection | undefined;
}

/** The login and consent pages, and what their buttons do. */
export class InteractionController {
  constructor(
    private readonly context: ZoneContext,
    private readonly host: ProviderHost,
  ) {}

  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    form: URLSearchParams,
  ): Promise<void> {
    const step = await this.currentStep(request, response);
    if (!step) {
      const message = PageMessages.expired();
      sendPage(response, 400, problemPage('This sign-in expired', message));
      return;
    }
    if (request.method !== 'POST') {
      this.show(response, step);
      return;
    }
    if (this.isCrossOrigin(request)) {
      const message = PageMessages.crossOrigin();
      sendPage(response, 403, problemPage('Refused', message));
      return;
    }
    const result = await this.submit(step, form);
    if (!result) {
      const error = PageMessages.wrongCredentials();
      this.show(response, step, error);
      return;
    }
    await this.host.provider.interactionFinished(request, response, result);
  }

  private async currentStep(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<InteractionStep | undefined> {
    const { provider } = this.host;
    const { model } = this.context;
    let interaction: Interaction;
    try {
      interaction = await provider.interactionDetails(request, response);
    } catch {
      return undefined;
    }
    const { params } = interaction;
    const clientId = String(params['client_id']);
    const client = await provider.Client.find(clientId);
    const connection =
      clientId === CONNECT_CLIENT_ID
        ? findConnection(this.context, params['state'])
        : undefined;
    const application = model.applications.get(connection?.application ?? '');
    return {
      interaction,
      clientId,
      clientName: application?.name ?? client?.clientName ?? clientId,
      redirectUri: String(params['redirect_uri']),
      scope: words(params['scope']),
      resource: model.resources.get(strings(params['resource'])[0] ?? ''),
      connection,
    };
  }

  private show(
    response: ServerResponse,
    step: InteractionStep,
    error?: string,
  ): void {
    const document =
      step.interaction.prompt.name === 'login'
        ? this.loginDocument(step, error)
        : this.consentDocument(step);
    const status = error === undefined ? 200 : 401;
    sendPage(response, status, document, step.redirectUri);
  }

  private loginDocument(step: InteractionStep, error?: string): string {
    const hint = step.interaction.params['login_hint'];
    return loginPage({
      users: [...this.context.model.users.values()],
      clientName: step.clientName,
      hint: typeof hint === 'string' ? hint : undefined,
      error,
    });
  }

  private consentDocument(step: InteractionStep): string {
    const { connection, resource } = step;
    const userId = accountOf(step);
    return consentPage({
      clientName: step.clientName,
      userName: this.context.model.users.get(userId)?.name ?? userId,
      resourceName: resource?.name ?? '',
      resource: resource?.identifier ?? '',
      scopes: resourceScopes(step),
      destination: connection ? undefined : destinationOf(step.redirectUri),
      problem: isForAnotherUser(step) ? PageMessages.wrongUser() : undefined,
    });
  }

  /** The result of a submitted form; `undefined` when the sign-in failed. */
  private async submit(
    step: InteractionStep,
    form: URLSearchParams,
  ): Promise<InteractionResults | undefined> {
    if (form.get('action') === 'cancel') {
      return accessDenied(RefusalMessages.userDeclined());
    }
    return step.interaction.prompt.name === 'login'
      ? this.login(step, form)
      : this.consent(step);
  }

  private login(
    step: InteractionStep,
    form: URLSearchParams,
  ): InteractionResults | undefined {
    const user = this.context.model.users.get(form.get('user') ?? '');
    if (!user) {
      return undefined;
    }
    if (user.password !== undefined && user.password !== form.get('password')) {
      return undefined;
    }
    const { clientId } = step;
    this.context.events.emit('login', { user: user.id, clientId });
    return { login: { accountId: user.id } };
  }

  private async consent(step: InteractionStep): Promise<InteractionResults> {
    if (isForAnotherUser(step)) {
      return accessDenied(RefusalMessages.wrongUser());
    }
    const { clientId, connection, resource, scope } = step;
    const accountId = accountOf(step);
    const scopes = resourceScopes(step);
    if (connection && resource) {
      this.recordGrant(connection, accountId, resource.identifier, scopes);
    }
    const grant = new this.host.provider.Grant({ accountId, clientId });
    const serverScopes = scope.filter((name) => SERVER_SCOPES.includes(name));
    if (serverScopes.length > 0) {
      grant.addOIDCScope(serverScopes.join(' '));
    }
    if (resource && scopes.length > 0) {
      grant.addResourceScope(resource.identifier, scopes.join(' '));
    }
    return { consent: { grantId: await grant.save() } };
  }

  private recordGrant(
    connection: Connection,
    user: string,
    resource: string,
    scopes: readonly string[],
  ): void {
    const { application } = connection;
    const grant = { user, application, resource, scopes };
    this.context.model.addGrant(grant);
    connection.granted = true;
    this.context.events.emit('granted', grant);
  }

  private isCrossOrigin(request: IncomingMessage): boolean {
    const { origin } = request.headers;
    return origin !== undefined && origin !== this.context.issuer;
  }
}

function accountOf({ interaction }: InteractionStep): string {
  return interaction.session?.accountId ?? '';
}

function resourceScopes({ scope, resource }: InteractionStep): string[] {
  return scope.filter((name) => resource?.scopes.includes(name));
}

function isForAnotherUser(step: InteractionStep): boolean {
  const expected = step.connection?.user;
  return expected !== undefined && expected !== accountOf(step);
}

function destinationOf(redirectUri: string): string | undefined {
  const url = URL.parse(redirectUri);
  return url?.host || url?.protocol;
}

function accessDenied(description: string): InteractionResults {
  return { error: 'access_denied', error_description: description };
}
