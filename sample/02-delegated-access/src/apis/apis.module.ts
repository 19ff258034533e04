import { Module, type DynamicModule } from '@nestjs/common';
import { KeycardModule } from 'nestjs-keycard';
import { settings } from '../settings.js';
import { CalendarController } from './calendar.controller.js';
import { CallJournal } from './call.journal.js';
import { MailController } from './mail.controller.js';

/**
 * Two APIs in one application. Each accepts only tokens that were issued for
 * itself: a calendar token opens no mailbox.
 */
@Module({})
export class ApisModule {
  static register(zoneUrl: string): DynamicModule {
    return {
      module: ApisModule,
      imports: [
        KeycardModule.forRoot({
          zoneUrl,
          resourceUrl: settings.calendarUrl,
          serverName: 'Calendar',
          mcp: false,
        }),
        KeycardModule.forFeature({
          resourceUrl: settings.mailUrl,
          name: 'Mail',
        }),
      ],
      controllers: [CalendarController, MailController],
      providers: [CallJournal],
    };
  }
}
