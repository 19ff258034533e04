import { Controller, Inject, Injectable } from '@nestjs/common';
import { ClientProxy, EventPattern, Payload } from '@nestjs/microservices';
import type { McpEvent, McpEventBus } from 'nestjs-keycard';
import { lastValueFrom } from 'rxjs';

/** Events over any transport of `@nestjs/microservices`, as docs/mcp-changes.md has it. */
@Injectable()
export class TransportEventBus implements McpEventBus {
  private readonly listeners = new Set<(event: unknown) => void>();

  constructor(@Inject('EVENTS') private readonly client: ClientProxy) {}

  publish(event: McpEvent) {
    return lastValueFrom(this.client.emit('mcp-events', event), {
      defaultValue: undefined,
    });
  }

  subscribe(listener: (event: unknown) => void) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  receive(event: unknown) {
    for (const listener of this.listeners) listener(event);
  }
}

@Controller()
export class EventController {
  constructor(private readonly bus: TransportEventBus) {}

  @EventPattern('mcp-events')
  receive(@Payload() event: unknown) {
    this.bus.receive(event);
  }
}
