import { Injectable } from '@nestjs/common';
import { AccessContext, Grant, McpTool, Principal } from 'nestjs-keycard';
import { settings } from '../settings.js';
import { ApiClient } from './api.client.js';
import { CreateEventDto, ListEventsDto } from './assistant.dto.js';

const CALENDAR = settings.calendarUrl;
const MAIL = settings.mailUrl;

@Injectable()
export class AssistantTools {
  constructor(private readonly api: ApiClient) {}

  @McpTool({ description: 'Tells who is signed in' })
  whoami(principal: Principal) {
    const { subject, clientId, scopes } = principal;
    return { subject, clientId, scopes };
  }

  @McpTool({ description: "Lists the user's next calendar events" })
  @Grant(CALENDAR)
  async listEvents({ max }: ListEventsDto, access: AccessContext) {
    const url = max ? `${CALENDAR}/events?max=${max}` : `${CALENDAR}/events`;
    return this.api.list('events', url, access.access(CALENDAR));
  }

  @McpTool({ description: "Sums up the user's day: events and unread mail" })
  @Grant([CALENDAR, MAIL])
  async dailyBrief(access: AccessContext) {
    const [calendar, mail] = await Promise.all([
      this.section(CALENDAR, 'events', access),
      this.section(MAIL, 'messages', access),
    ]);
    return {
      ...calendar.content,
      ...mail.content,
      failed: [calendar, mail].flatMap(({ failed }) => failed),
    };
  }

  @McpTool({
    description: "Creates an event in the user's calendar",
    scopes: 'calendar:write',
  })
  @Grant(CALENDAR)
  async createEvent(input: CreateEventDto, access: AccessContext) {
    return this.api.post(`${CALENDAR}/events`, access.access(CALENDAR), input);
  }

  /** One part of the brief. What fails is reported, and spoils nothing else. */
  private async section(resource: string, name: string, access: AccessContext) {
    const error = access.getError() ?? access.getResourceError(resource);
    if (error) {
      const code = error.code ?? 'exchange_failed';
      return { content: {}, failed: [{ resource, code }] };
    }
    try {
      const url = `${resource}/${name}`;
      const content = await this.api.list(name, url, access.access(resource));
      return { content, failed: [] };
    } catch {
      return { content: {}, failed: [{ resource, code: 'api_unavailable' }] };
    }
  }
}
