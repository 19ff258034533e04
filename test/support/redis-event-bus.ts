import { createClient } from '@keyv/redis';
import type { McpEvent, McpEventBus } from 'nestjs-keycard';

const CHANNEL = 'mcp-events';

function createRedis(url: string) {
  return createClient({
    url,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: 50 },
  });
}

/** Events over Redis, by a plain client. */
export class RedisEventBus implements McpEventBus {
  private constructor(
    private readonly client: ReturnType<typeof createRedis>,
  ) {}

  static async connect(url: string): Promise<RedisEventBus> {
    const client = createRedis(url);
    // Without a listener, a lost connection would end the process.
    client.on('error', () => {});
    await client.connect();
    return new RedisEventBus(client);
  }

  publish(event: McpEvent): Promise<number> {
    return this.client.publish(CHANNEL, JSON.stringify(event));
  }

  async subscribe(listener: (event: unknown) => void) {
    const subscriber = this.client.duplicate();
    subscriber.on('error', () => {});
    await subscriber.connect();
    await subscriber.subscribe(CHANNEL, listener);
    return () => subscriber.destroy();
  }

  /** Something that none of our replicas would say. */
  publishRaw(text: string): Promise<number> {
    return this.client.publish(CHANNEL, text);
  }

  close(): void {
    this.client.destroy();
  }
}
