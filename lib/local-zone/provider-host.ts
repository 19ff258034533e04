import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type {
  errors as OidcErrors,
  KoaContextWithOIDC,
  Provider,
} from 'oidc-provider';
import {
  CLIENT_CREDENTIALS_PARAMETERS,
  clientCredentialsGrant,
} from './client-credentials.grant.js';
import { GrantType } from './local-zone.constants.js';
import { providerConfiguration } from './provider-configuration.js';
import { repairResponse } from './response.repair.js';
import {
  TOKEN_EXCHANGE_PARAMETERS,
  tokenExchangeGrant,
} from './token-exchange.grant.js';
import type { ZoneContext } from './zone-context.js';

type RequestHandler = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>;

/**
 * Holds the engine. The keys of a running engine cannot change: a rotation
 * builds a new one over the same store and cookie key, which takes 3 ms.
 */
export class ProviderHost {
  private current: Provider;
  private handler: RequestHandler;

  constructor(
    private readonly context: ZoneContext,
    private readonly engine: typeof Provider,
  ) {
    this.rebuild();
  }

  get provider(): Provider {
    return this.current;
  }

  handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    return this.handler(request, response);
  }

  rebuild(): void {
    const { context } = this;
    const configuration = providerConfiguration(context);
    const provider = new this.engine(context.issuer, configuration);
    this.registerGrants(provider);
    this.forwardEvents(provider);
    provider.use(async (request, next) => {
      await next();
      repairResponse(context, request as KoaContextWithOIDC);
    });
    this.current = provider;
    this.handler = provider.callback();
  }

  private registerGrants(provider: Provider): void {
    const { context } = this;
    // Allowing duplicates of `resource` lets the rules answer invalid_target.
    provider.registerGrantType(
      GrantType.TokenExchange,
      (request) => tokenExchangeGrant(context, request),
      TOKEN_EXCHANGE_PARAMETERS,
      ['resource'],
    );
    provider.registerGrantType(
      GrantType.ClientCredentials,
      (request) => clientCredentialsGrant(context, request),
      CLIENT_CREDENTIALS_PARAMETERS,
      ['resource'],
    );
  }

  private forwardEvents(provider: Provider): void {
    const { events } = this.context;
    const refused =
      (at: string) =>
      (_request: unknown, error: OidcErrors.OIDCProviderError) =>
        events.emit('refused', {
          at,
          error: error.error,
          description: error.error_description,
          detail: error.error_detail,
        });
    provider.on('grant.error', refused('grant'));
    provider.on('authorization.error', refused('authorization'));
    provider.on('registration_create.error', refused('registration'));
    provider.on('introspection.error', refused('introspection'));
    provider.on('revocation.error', refused('revocation'));
    // Without a listener, a 500 is silent.
    provider.on('server_error', (_request, error) =>
      events.emit('problem', error),
    );
    const application: EventEmitter = provider;
    application.on('error', (error: Error) => events.emit('problem', error));
  }
}
