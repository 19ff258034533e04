import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  Logger,
  Scope,
  UseGuards,
} from '@nestjs/common';
import { IsNumber } from 'class-validator';
import {
  AccessContext,
  Grant,
  InsufficientScopeException,
  McpCompletion,
  McpContext,
  McpPrompt,
  McpResource,
  McpServers,
  McpTool,
  Principal,
  principalOf,
} from 'nestjs-keycard';
import { z } from 'zod';

export const CALENDAR = 'https://calendar.example.test';

/** Lets calls in whose request is the transport's: nothing of the client is in it. */
@Injectable()
class RequestGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<object>();
    const { subject } = principalOf(request);
    return subject !== '' && JSON.stringify(request) === '{"headers":{}}';
  }
}

class Addends {
  @IsNumber() a!: number;
  @IsNumber() b!: number;
}

/** One for each call. */
@Injectable({ scope: Scope.REQUEST })
class CallCounter {
  private calls = 0;

  count(): number {
    this.calls += 1;
    return this.calls;
  }
}

@Injectable()
class LocalTools {
  private readonly logger = new Logger('LocalTools');

  constructor(private readonly servers: McpServers) {}

  @UseGuards(RequestGuard)
  @McpTool({ description: 'Who is calling' })
  whoami(principal: Principal, { era, sessionId }: McpContext) {
    const { expiresAt, ...facts } = principal;
    return {
      ...facts,
      neverExpires: expiresAt === Infinity,
      era,
      hasSession: sessionId !== undefined,
    };
  }

  @McpTool({ description: 'Adds', output: z.object({ sum: z.number() }) })
  add({ a, b }: Addends) {
    return { sum: a + b };
  }

  @McpTool({ description: 'Writes to every log there is' })
  async chatter(context: McpContext) {
    // oxlint-disable-next-line no-console
    console.log('console.log');
    // oxlint-disable-next-line no-console
    console.info('{"jsonrpc":"2.0","method":"forged"}');
    process.stdout.write('process.stdout');
    this.logger.warn('logger.warn');
    await context.log('warning', { text: 'to the client' }, 'tools');
    return 'done';
  }

  @McpTool({ description: 'Waits until it is told to stop' })
  async wait(context: McpContext) {
    await context.progress(1, 2, 'half');
    const { signal } = context;
    if (!signal.aborted) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    }
    process.stderr.write(`stopped: ${(signal.reason as Error).name}\n`);
    return 'nobody hears this';
  }

  @McpTool({ description: 'Asks the user' })
  async ask(context: McpContext) {
    const { action, content } = await context.elicit('colour', {
      message: 'Which colour?',
      schema: z.object({ colour: z.string() }),
    });
    return action === 'accept' ? content.colour : action;
  }

  @McpTool({ description: 'Needs a scope', scopes: 'files:write' })
  guarded() {
    return 'written';
  }

  @McpTool({ description: 'Finds out that it needs a scope' })
  findsOut() {
    throw new InsufficientScopeException(['files:delete']);
  }

  @McpTool({ description: 'Adds a tool, and changes a resource' })
  async grow() {
    const server = this.servers.get();
    await server.addTool({
      name: 'grown',
      description: 'Was not there before',
      scopes: 'grown:use',
      handler: () => 'here now',
    });
    server.resourceUpdated('note://1');
    server.resourceUpdated('secret://1');
    return 'grown';
  }

  @McpTool({ description: 'Calls the calendar' })
  @Grant(CALENDAR)
  calendar(access: AccessContext) {
    return { authorization: access.access(CALENDAR).authorization };
  }

  @McpTool({ description: 'Says as much as it is asked to' })
  flood() {
    return 'x'.repeat(3_000_000);
  }

  @McpResource('note://{id}')
  note({ id }: { id: string }) {
    return `note ${id}`;
  }

  @McpCompletion('note', 'id')
  noteIds() {
    return ['1', '2'];
  }

  @McpResource({ uri: 'secret://{id}', scopes: 'secrets' })
  secret({ id }: { id: string }) {
    return `secret ${id}`;
  }

  @McpPrompt({ input: z.object({ name: z.string() }) })
  greet({ name }: { name: string }) {
    return `Greet ${name}`;
  }
}

@Injectable({ scope: Scope.REQUEST })
class ScopedTools {
  constructor(private readonly counter: CallCounter) {}

  @McpTool({ description: 'Counts the calls its providers have seen' })
  count() {
    return { calls: this.counter.count() };
  }
}

export const TOOLS = [LocalTools, ScopedTools, CallCounter];
