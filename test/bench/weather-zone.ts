import { LocalZone } from 'nestjs-keycard/local-zone';
import { WEATHER_API } from './forecast.js';
import { urlOf } from './servers/server-spec.js';

/** Credentials of the servers at the zone. */
export const ASSISTANT = {
  clientId: 'assistant',
  clientSecret: 'assistant-secret-value',
};

const USER = 'usr_ada';
const APPLICATION = 'assistant';
// Seconds; longer than the longest run.
const TOKEN_LIFETIME = 7_200;

/** A real zone with a user who granted access to the weather. */
export class WeatherZone {
  private constructor(private readonly zone: LocalZone) {}

  /** @param ports of the servers that are resources of the zone */
  static async start(ports: readonly number[]): Promise<WeatherZone> {
    const builder = LocalZone.create()
      .user({ id: USER })
      .resource(WEATHER_API, {
        scopes: ['weather'],
        userConnected: true,
        ttl: TOKEN_LIFETIME,
      })
      .application(APPLICATION, {
        clients: [ASSISTANT],
        dependsOn: [WEATHER_API],
      })
      .grant({ user: USER, application: APPLICATION, resource: WEATHER_API });
    for (const port of ports) {
      builder.resource(urlOf(port), {
        scopes: ['mcp:tools'],
        ownedBy: APPLICATION,
        ttl: TOKEN_LIFETIME,
      });
    }
    return new WeatherZone(await builder.start());
  }

  get issuer(): string {
    return this.zone.issuer;
  }

  /** A token for the server on a port. */
  async logIn(port: number): Promise<string> {
    const { accessToken } = await this.zone.login(USER, {
      resource: urlOf(port),
    });
    return accessToken;
  }

  stop(): Promise<void> {
    return this.zone.stop();
  }
}
