import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  Inject,
  Injectable,
  Logger,
  type NestMiddleware,
} from '@nestjs/common';
import { pathOfMounted } from '../guards/http-request.js';
import { RequestAdmission } from '../guards/request-admission.js';
import { sendRefusal } from './send-refusal.js';

/** A request of node, or of Fastify. */
type AnyRequest = IncomingMessage & { readonly raw?: IncomingMessage };

/** An answer of node, or of Fastify. */
type AnyResponse = ServerResponse & {
  readonly raw?: ServerResponse;
  hijack?(): unknown;
};

/**
 * Does what the guard does where no guard comes: in front of what another
 * module, or a handler of the HTTP server, answers. Every request that gets to
 * it needs a valid access token for the resource whose path it is below, with
 * the scopes of the resource; the others are answered here.
 *
 * @example
 * ```ts
 * consumer.apply(KeycardMiddleware).forRoutes('mcp'); // in configure()
 * app.use('/mcp', app.get(KeycardMiddleware).use); // in main.ts
 * ```
 * @publicApi
 */
@Injectable()
export class KeycardMiddleware implements NestMiddleware {
  private readonly logger = new Logger('Keycard');

  constructor(
    @Inject(RequestAdmission) private readonly admission: RequestAdmission,
  ) {}

  /** Of Express, Fastify or node; may be handed around on its own. */
  readonly use = async (
    request: AnyRequest,
    response: AnyResponse,
    next: () => unknown,
  ): Promise<void> => {
    try {
      const path = pathOfMounted(request);
      const target = this.admission.targetOf(request, path);
      await this.admission.admit(request, target, { path });
    } catch (error) {
      response.hijack?.();
      sendRefusal(response.raw ?? response, error, this.logger);
      return;
    }
    await next();
  };
}
