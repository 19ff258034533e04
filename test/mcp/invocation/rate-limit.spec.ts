import {
  HttpException,
  HttpStatus,
  Injectable,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { McpExecutionContext, McpTool } from 'nestjs-keycard';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bearer } from '../../support/post.js';
import { ToolWorld } from './tool-world.js';

const LIMIT = 2;

/** Counts as a guard of `@nestjs/throttler` does that knows its callers. */
@Injectable()
class RateLimit implements CanActivate {
  private readonly hits = new Map<string, number>();

  canActivate(context: ExecutionContext): boolean {
    const { principal } = McpExecutionContext.create(context).getContext();
    const key = `${context.getHandler().name} ${principal.subject}`;
    const hits = (this.hits.get(key) ?? 0) + 1;
    this.hits.set(key, hits);
    if (hits <= LIMIT) return true;
    throw new HttpException('Too many', HttpStatus.TOO_MANY_REQUESTS);
  }
}

@Injectable()
class Tools {
  @McpTool({ description: 'For tests' })
  one() {
    return 'one ran';
  }

  @McpTool({ description: 'For tests' })
  two() {
    return 'two ran';
  }
}

let world: ToolWorld;
beforeAll(async () => {
  world = await ToolWorld.start();
});
afterAll(() => world.stop());

it('a guard limits the calls of each caller, and tells the model why', async () => {
  const { accessToken } = await world.zone.login('usr_bob');
  const served = await world.serve({
    providers: [Tools, { provide: APP_GUARD, useClass: RateLimit }],
  });
  const callers = [bearer(world.token), bearer(accessToken)];
  for (const caller of callers) {
    for (const tool of ['one', 'two']) {
      const texts: string[] = [];
      for (let call = 0; call < LIMIT + 1; call += 1) {
        texts.push(await served.text(tool, {}, caller));
      }
      expect(texts).toEqual([`${tool} ran`, `${tool} ran`, 'Too many']);
    }
  }
});
