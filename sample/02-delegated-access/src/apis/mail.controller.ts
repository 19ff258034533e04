import { Controller, Get } from '@nestjs/common';
import { Principal, Protected } from 'nestjs-keycard';
import { CallJournal } from './call.journal.js';

/** A mailbox per user. Which user, the token says. */
@Controller('mail/messages')
export class MailController {
  constructor(private readonly journal: CallJournal) {}

  @Get()
  @Protected()
  list(principal: Principal) {
    this.journal.record('GET /mail/messages', principal);
    return {
      messages: [
        { from: 'grace@example.test', subject: `Hello ${principal.subject}` },
        { from: 'build@example.test', subject: 'All checks passed' },
      ],
    };
  }
}
