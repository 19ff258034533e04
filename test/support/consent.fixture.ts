import { Injectable, Module, type INestApplication } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import {
  AccessContext,
  AuditStream,
  ClientSecret,
  Grant,
  KeycardModule,
  McpTool,
  type AuditEvent,
} from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { boot, RecordingLogger } from './boot.js';
import { findFreePort } from './free-port.js';

export const CALENDAR = 'https://calendar.example.test';
export const MAIL = 'https://mail.example.test';
export const PAYROLL = 'https://payroll.example.test';

const APPLICATION = 'assistant';
const CLIENT = {
  clientId: 'assistant',
  clientSecret: 'assistant-secret-value',
};

@Injectable()
class ConsentTools {
  @McpTool({ description: 'Needs a grant' })
  @Grant(CALENDAR)
  events(access: AccessContext) {
    return {
      status: access.getStatus(),
      granted: access.getSuccessfulResources(),
    };
  }

  @McpTool({ description: 'Can do without' })
  @Grant(MAIL, { optional: true })
  inbox(access: AccessContext) {
    return { code: access.getResourceError(MAIL)?.code };
  }

  @McpTool({ description: 'Is denied by policy' })
  @Grant(PAYROLL)
  salaries(access: AccessContext) {
    return { code: access.getResourceError(PAYROLL)?.code };
  }
}

/** A server whose users have granted nothing yet. */
export interface ConsentWorld {
  readonly zone: LocalZone;
  readonly mcpUrl: string;
  readonly audit: AuditEvent[];
  readonly logger: RecordingLogger;
  stop(): Promise<void>;
}

export async function startConsentWorld(
  createAdapter: () => AbstractHttpAdapter,
): Promise<ConsentWorld> {
  const port = await findFreePort();
  const mcpUrl = `http://localhost:${port}/mcp`;
  const zone = await startZone(mcpUrl);

  @Module({
    imports: [
      KeycardModule.forRoot({
        zoneUrl: zone.issuer,
        resourceUrl: mcpUrl,
        applicationCredential: new ClientSecret(CLIENT),
        consent: {
          // Made for this user: the page lets nobody else give the grant.
          url: ({ principal, resource }) =>
            zone.connectUrl({
              application: APPLICATION,
              resource,
              user: principal.subject,
            }),
        },
      }),
    ],
    providers: [ConsentTools],
  })
  class AppModule {}

  const logger = new RecordingLogger();
  const application: INestApplication = await boot(AppModule, {
    adapter: createAdapter(),
    port,
    logger,
  });
  const audit: AuditEvent[] = [];
  application.get(AuditStream).subscribe((event) => void audit.push(event));
  return {
    zone,
    mcpUrl,
    audit,
    logger,
    stop: async () => {
      await application.close();
      await zone.stop();
    },
  };
}

function startZone(mcpUrl: string): Promise<LocalZone> {
  return LocalZone.create()
    .user({ id: 'usr_ada', name: 'Ada Lovelace' })
    .user({ id: 'usr_bob', name: 'Bob Kahn' })
    .resource(mcpUrl, { name: 'Assistant', ownedBy: APPLICATION })
    .resource(CALENDAR, {
      name: 'Calendar',
      scopes: ['events'],
      userConnected: true,
    })
    .resource(MAIL, { name: 'Mail', scopes: ['mail'], userConnected: true })
    .resource(PAYROLL, { name: 'Payroll', userConnected: true })
    .application(APPLICATION, {
      name: 'Assistant',
      clients: [CLIENT],
      dependsOn: [CALENDAR, MAIL, PAYROLL],
    })
    .policy({
      name: 'no payroll',
      denies: ({ resource }) => resource === PAYROLL,
    })
    .start();
}
