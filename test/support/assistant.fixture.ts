import {
  Body,
  Controller,
  Get,
  Headers,
  Injectable,
  Module,
  Post,
  type DynamicModule,
  type INestApplication,
} from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import {
  AccessContext,
  ClientSecret,
  Grant,
  KeycardModule,
  McpContext,
  McpTool,
  Principal,
  Protected,
  ToolInput,
  type KeycardModuleOptions,
} from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { z } from 'zod';
import { boot, RecordingLogger } from './boot.js';
import { findFreePort } from './free-port.js';

/** What the APIs received: header as sent, claims as verified. */
export interface ReceivedCall {
  readonly authorization: string;
  readonly principal: Principal;
}

export const CLIENT = {
  clientId: 'assistant',
  clientSecret: 'assistant-secret-value',
};

/** A zone, two APIs in one application, and an MCP server: all real. */
export interface AssistantWorld {
  readonly zone: LocalZone;
  readonly mcpUrl: string;
  readonly origin: string;
  readonly calendar: string;
  readonly mail: string;
  readonly received: ReceivedCall[];
  readonly logger: RecordingLogger;
  readonly application: INestApplication;
  stop(): Promise<void>;
}

export async function startAssistantWorld(
  createAdapter: () => AbstractHttpAdapter,
  options: Partial<KeycardModuleOptions> = {},
): Promise<AssistantWorld> {
  const [port, apiPort] = [await findFreePort(), await findFreePort()];
  const origin = `http://localhost:${port}`;
  const mcpUrl = `${origin}/mcp`;
  const calendar = `http://localhost:${apiPort}/calendar`;
  const mail = `http://localhost:${apiPort}/mail`;
  const zone = await startZone(mcpUrl, calendar, mail);
  const received: ReceivedCall[] = [];
  const logger = new RecordingLogger();
  const apis = await boot(createApis(zone.issuer, calendar, mail, received), {
    adapter: createAdapter(),
    port: apiPort,
  });
  const application = await boot(
    createAssistant(
      {
        zoneUrl: zone.issuer,
        resourceUrl: mcpUrl,
        requiredScopes: 'mcp:tools',
        applicationCredential: new ClientSecret(CLIENT),
        ...options,
      },
      calendar,
      mail,
    ),
    { adapter: createAdapter(), port, logger },
  );
  return {
    zone,
    mcpUrl,
    origin,
    calendar,
    mail,
    received,
    logger,
    application,
    stop: async () => {
      await application.close();
      await apis.close();
      await zone.stop();
    },
  };
}

function startZone(
  mcpUrl: string,
  calendar: string,
  mail: string,
): Promise<LocalZone> {
  const application = 'assistant';
  return LocalZone.create()
    .user({ id: 'usr_ada', name: 'Ada' })
    .user({ id: 'usr_bob', name: 'Bob' })
    .resource(mcpUrl, {
      scopes: ['mcp:tools', 'calendar:write'],
      ownedBy: application,
    })
    .resource(calendar, { scopes: ['events'], userConnected: true })
    .resource(mail, { scopes: ['mail'], userConnected: true })
    .application(application, {
      clients: [CLIENT],
      dependsOn: [calendar, mail],
    })
    .grant({ user: 'usr_ada', application, resource: calendar })
    .grant({ user: 'usr_ada', application, resource: mail })
    .grant({ user: 'usr_bob', application, resource: calendar })
    .start();
}

const call = async (url: string, authorization: string, init: object = {}) => {
  const response = await fetch(url, {
    ...init,
    headers: { authorization, 'content-type': 'application/json' },
  });
  return { status: response.status, body: await response.json() };
};

function createAssistant(
  options: KeycardModuleOptions,
  calendar: string,
  mail: string,
): DynamicModule {
  class ListEventsDto {
    @IsOptional()
    @IsInt()
    @Min(1)
    @Max(50)
    max?: number;
  }

  const CreateEvent = z.object({
    title: z.string().min(1),
    start: z.iso.datetime(),
  });

  @Injectable()
  class AssistantTools {
    @McpTool({ description: 'Tells who is signed in' })
    whoami(principal: Principal) {
      const { subject, clientId, scopes } = principal;
      return { subject, clientId, scopes };
    }

    @McpTool({ description: 'Lists events' })
    @Grant(calendar)
    async listEvents(@ToolInput() input: ListEventsDto, access: AccessContext) {
      const { authorization } = access.access(calendar);
      const answer = await call(
        `${calendar}/events?max=${input.max ?? 9}`,
        authorization,
      );
      return answer.body as object;
    }

    @McpTool({ description: 'Sums up the day' })
    @Grant([calendar, mail])
    dailyBrief(access: AccessContext) {
      const failed = access.getFailedResources().map((resource) => ({
        resource,
        code: access.getResourceError(resource)?.code,
      }));
      return {
        status: access.getStatus(),
        granted: access.getSuccessfulResources(),
        failed,
      };
    }

    @McpTool({
      description: 'For tests',
      input: CreateEvent,
      scopes: 'calendar:write',
    })
    @Grant(calendar)
    async createEvent(
      input: z.infer<typeof CreateEvent>,
      access: AccessContext,
    ) {
      const { authorization } = access.access(calendar);
      const answer = await call(`${calendar}/events`, authorization, {
        method: 'POST',
        body: JSON.stringify(input),
      });
      return answer.body as object;
    }

    @McpTool({ description: 'Reports progress and logs' })
    async chat(context: McpContext) {
      await context.progress(1, 2);
      await context.log('info', { step: 1 });
      await context.progress(2, 2, 'done');
      return `era ${context.era}, ${context.principal.subject}`;
    }
  }

  return {
    module: class AssistantModule {},
    imports: [KeycardModule.forRoot(options)],
    providers: [AssistantTools],
  };
}

function createApis(
  zoneUrl: string,
  calendar: string,
  mail: string,
  received: ReceivedCall[],
): DynamicModule {
  @Controller('calendar/events')
  class CalendarController {
    @Get()
    @Protected()
    list(
      principal: Principal,
      @Headers('authorization') authorization: string,
    ) {
      received.push({ authorization, principal });
      return { events: [{ title: `of ${principal.subject}` }] };
    }

    @Post()
    @Protected()
    create(
      principal: Principal,
      @Body() event: object,
      @Headers('authorization') authorization: string,
    ) {
      received.push({ authorization, principal });
      return { event, owner: principal.subject };
    }
  }

  @Controller('mail/messages')
  class MailController {
    @Get()
    @Protected()
    list(principal: Principal) {
      return { messages: [`to ${principal.subject}`] };
    }
  }

  @Module({
    imports: [
      KeycardModule.forRoot({ zoneUrl, resourceUrl: calendar, mcp: false }),
      KeycardModule.forFeature({ resourceUrl: mail }),
    ],
    controllers: [CalendarController, MailController],
  })
  class ApisModule {}

  return { module: ApisModule };
}
