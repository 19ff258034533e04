import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { Principal, Protected } from 'nestjs-keycard';
import { CallJournal } from './call.journal.js';

interface CalendarEvent {
  readonly title: string;
  readonly start: string;
}

/** A calendar per user. Which user, the token says. */
@Controller('calendar/events')
export class CalendarController {
  private readonly calendars = new Map<string, CalendarEvent[]>();

  constructor(private readonly journal: CallJournal) {}

  @Get()
  @Protected()
  list(principal: Principal, @Query('max') max?: string) {
    this.journal.record('GET /calendar/events', principal);
    const events = this.calendarOf(principal.subject);
    return { events: events.slice(0, Number(max) || events.length) };
  }

  @Post()
  @Protected()
  create(principal: Principal, @Body() { title, start }: CalendarEvent) {
    this.journal.record('POST /calendar/events', principal);
    const event = { title, start };
    this.calendarOf(principal.subject).push(event);
    return { event };
  }

  private calendarOf(user: string): CalendarEvent[] {
    let calendar = this.calendars.get(user);
    if (!calendar) {
      calendar = [
        { title: `Stand-up of ${user}`, start: '2026-11-24T09:00:00Z' },
        { title: 'Lunch', start: '2026-11-24T12:00:00Z' },
        { title: 'Review', start: '2026-11-24T15:30:00Z' },
      ];
      this.calendars.set(user, calendar);
    }
    return calendar;
  }
}
