import {
  All,
  Controller,
  Get,
  Req,
  Res,
  type DynamicModule,
  type INestApplication,
  type Type,
} from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import {
  ClientSecret,
  KeycardModule,
  Principal,
  Protected,
  RequireToolScopes,
  TokenExchangeService,
} from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { boot } from '../boot.js';
import { findFreePort } from '../free-port.js';
import { Watch } from '../watch.js';
import type { OwnEndpoint } from './own-endpoints.js';
import type { OwnRecord, OwnTools } from './own-tools.js';

const CLIENT = { clientId: 'own', clientSecret: 'own-client-secret-value' };

/** What an application with an endpoint of its own is made of. */
export interface OwnParts {
  /** The module, set up for the resource. */
  readonly keycard: readonly DynamicModule[];
  readonly calendar: string;
  open(exchange: TokenExchangeService): OwnEndpoint;
}

/** Where the endpoint is in the application, and how it is served. */
export interface OwnPlace {
  /** Whether it is one of several resources; else it is the application's. */
  readonly isFeature?: boolean;
  readonly prefix?: string;
  /** @default a controller serves it */
  readonly createModule?: (parts: OwnParts) => Type | DynamicModule;
  /** What `main.ts` does before the application listens. */
  readonly configure?: (
    application: INestApplication,
    parts: OwnParts,
  ) => void | Promise<void>;
}

/** An application with an MCP endpoint its author wrote, and all around it. */
export interface OwnWorld {
  readonly url: string;
  readonly origin: string;
  readonly metadataUrl: string;
  readonly calendar: string;
  readonly tools: OwnRecord;
  readonly watch: Watch;
  /** Who called the calendar. */
  readonly callers: Principal[];
  token(scope: string, user?: string): Promise<string>;
  /** A token for another resource of the same zone. */
  foreignToken(): Promise<string>;
  stop(): Promise<void>;
}

export async function startOwnWorld(
  createAdapter: () => AbstractHttpAdapter,
  createEndpoint: (tools: OwnTools) => OwnEndpoint,
  {
    isFeature = false,
    prefix,
    createModule = createOwnModule,
    configure,
  }: OwnPlace = {},
): Promise<OwnWorld> {
  const [port, apiPort] = [await findFreePort(), await findFreePort()];
  const origin = `http://localhost:${port}`;
  const path = `${prefix ? `/${prefix}` : ''}/own/mcp`;
  const url = origin + path;
  const other = `${origin}/mcp`;
  const calendar = `http://localhost:${apiPort}/calendar`;
  const watch = new Watch();
  watch.keep(CLIENT.clientSecret);
  const zone = await startZone(url, other, calendar);
  const callers: Principal[] = [];
  const api = await boot(createCalendar(zone.issuer, calendar, callers), {
    adapter: createAdapter(),
    port: apiPort,
  });
  const tools: OwnRecord = { calendar, runs: [], given: [] };
  const parts: OwnParts = {
    calendar,
    keycard: createKeycard(zone.issuer, url, isFeature ? other : undefined),
    open: (exchange) => createEndpoint(Object.assign(tools, { exchange })),
  };
  const application = await boot(createModule(parts), {
    adapter: createAdapter(),
    port,
    logger: watch.logger,
    configure: async (one) => {
      if (prefix) one.setGlobalPrefix(prefix);
      await configure?.(one, parts);
    },
  });
  const login = async (resource: string, scope: string, user: string) => {
    const { accessToken } = await zone.login(user, { resource, scope });
    return watch.keep(accessToken);
  };
  return {
    url,
    origin,
    metadataUrl: `${origin}/.well-known/oauth-protected-resource${path}`,
    calendar,
    tools,
    watch,
    callers,
    token: (scope, user = 'usr_ada') => login(url, scope, user),
    foreignToken: () => login(other, 'mcp:tools', 'usr_ada'),
    stop: async () => {
      for (const one of [application, api] as INestApplication[]) {
        await one.close();
      }
      await zone.stop();
    },
  };
}

function startZone(url: string, other: string, calendar: string) {
  return LocalZone.create()
    .user({ id: 'usr_ada' })
    .user({ id: 'usr_bob' })
    .resource(url, {
      scopes: ['mcp:tools', 'calendar:write'],
      ownedBy: 'own',
    })
    .resource(other, { scopes: ['mcp:tools'], ownedBy: 'own' })
    .resource(calendar, { scopes: ['events'], userConnected: true })
    .application('own', { clients: [CLIENT], dependsOn: [calendar] })
    .grant({ user: 'usr_ada', application: 'own', resource: calendar })
    .start();
}

function createCalendar(
  zoneUrl: string,
  resourceUrl: string,
  callers: Principal[],
): DynamicModule {
  @Controller('calendar/events')
  class CalendarController {
    @Get()
    @Protected()
    list(principal: Principal) {
      callers.push(principal);
      return { events: [`of ${principal.subject}`] };
    }
  }

  return {
    module: class CalendarModule {},
    imports: [KeycardModule.forRoot({ zoneUrl, resourceUrl, mcp: false })],
    controllers: [CalendarController],
  };
}

function createKeycard(
  zoneUrl: string,
  url: string,
  other: string | undefined,
): DynamicModule[] {
  const applicationCredential = new ClientSecret(CLIENT);
  const resource = {
    resourceUrl: url,
    requiredScopes: 'mcp:tools',
    scopesSupported: 'calendar:write',
  };
  if (!other) {
    const options = { zoneUrl, applicationCredential, ...resource };
    return [KeycardModule.forRoot(options)];
  }
  return [
    KeycardModule.forRoot({
      zoneUrl,
      applicationCredential,
      resourceUrl: other,
    }),
    KeycardModule.forFeature(resource),
  ];
}

/** Hands a request of either adapter to an endpoint. */
export function serve(
  endpoint: OwnEndpoint,
  request: any,
  response: any,
): Promise<void> {
  response.hijack?.();
  const answer = response.raw ?? response;
  return endpoint(request.raw ?? request, answer, request.body);
}

function createOwnModule(parts: OwnParts): DynamicModule {
  @Controller('own/mcp')
  @RequireToolScopes({ create_event: 'calendar:write' })
  class OwnController {
    private readonly endpoint: OwnEndpoint;

    constructor(exchange: TokenExchangeService) {
      this.endpoint = parts.open(exchange);
    }

    @All()
    serve(@Req() request: object, @Res() response: object) {
      return serve(this.endpoint, request, response);
    }
  }

  return {
    module: class OwnModule {},
    imports: [...parts.keycard],
    controllers: [OwnController],
  };
}
