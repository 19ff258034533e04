import { setImmediate as turn } from 'node:timers/promises';
import {
  BadRequestException,
  Inject,
  Injectable,
  Module,
  Scope,
} from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { decodeJwt } from 'jose';
import {
  AccessContext,
  Grant,
  JsonRpcError,
  McpContext,
  McpTool,
  Principal,
  ToolInput,
} from 'nestjs-keycard';
import { z } from 'zod';

export const ADA = 'usr_ada';
export const CALENDAR = 'https://calendar.example.test';

const Nonce = z.object({ nonce: z.string() });
type Nonce = z.infer<typeof Nonce>;

/** Who calls, and which of that caller's calls this is. */
const markOf = ({ principal }: McpContext, { nonce }: Nonce) => ({
  subject: principal.subject,
  nonce,
});

/** Calls that wait to be stopped, by their marks. */
export class WaitingCalls {
  readonly contexts = new Map<string, McpContext>();
  readonly stopped = new Map<string, unknown>();

  static keyOf({ subject, nonce }: { subject: string; nonce: string }) {
    return `${subject} ${nonce}`;
  }
}

export const waiting = new WaitingCalls();

/** Inputs that reached the tool `echo`. */
export const echoed: unknown[] = [];

/** Answers in every way a tool can, always with the mark of its caller. */
@Injectable()
export class IsolationTools {
  @McpTool({ description: 'For tests', input: Nonce })
  echo(input: Nonce, context: McpContext) {
    echoed.push(input);
    return markOf(context, input);
  }

  @McpTool({ description: 'For tests', input: Nonce, scopes: 'admin' })
  guarded(input: Nonce) {
    echoed.push(['guarded', input]);
    return 'for few';
  }

  @McpTool({ description: 'For tests', input: Nonce })
  async later(@ToolInput('nonce') nonce: string, context: McpContext) {
    for (let left = Math.random() * 10; left > 0; left -= 1) await turn();
    return markOf(context, { nonce });
  }

  @McpTool({ description: 'For tests', input: Nonce })
  async chat(input: Nonce, context: McpContext) {
    const mark = markOf(context, input);
    await context.progress(1, 3, JSON.stringify(mark));
    await turn();
    void context.log('warning', mark);
    await context.progress(3, 3, JSON.stringify(mark));
    return mark;
  }

  @McpTool({ description: 'For tests', input: Nonce })
  async refuse(input: Nonce, context: McpContext) {
    await turn();
    throw new JsonRpcError(-32050, 'not today', markOf(context, input));
  }

  @McpTool({ description: 'For tests', input: Nonce })
  async fail(input: Nonce, context: McpContext) {
    await turn();
    throw new BadRequestException(JSON.stringify(markOf(context, input)));
  }

  @McpTool({ description: 'For tests', input: Nonce })
  @Grant(CALENDAR)
  granted(input: Nonce, context: McpContext, access: AccessContext) {
    const { accessToken } = access.access(CALENDAR);
    return { ...markOf(context, input), owner: decodeJwt(accessToken).sub };
  }

  @McpTool({ description: 'For tests', input: Nonce, timeout: 0 })
  async wait(input: Nonce, context: McpContext) {
    const key = WaitingCalls.keyOf(markOf(context, input));
    const { signal } = context;
    waiting.contexts.set(key, context);
    await context.progress(1);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    waiting.contexts.delete(key);
    waiting.stopped.set(key, signal.reason);
    await context.progress(2, 2, 'too late');
    return markOf(context, input);
  }
}

@Injectable({ scope: Scope.REQUEST })
export class PrincipalHolder {
  subject: string | undefined;
}

/** Made anew for each call. */
@Injectable({ scope: Scope.REQUEST })
export class ScopedTools {
  private nonce: string | undefined;

  constructor(
    @Inject(REQUEST) private readonly request: { headers: object },
    private readonly principalOfLater: PrincipalHolder,
  ) {}

  @McpTool({ description: 'For tests', input: Nonce })
  async scoped(input: Nonce, context: McpContext, principal: Principal) {
    const isFresh = this.nonce === undefined;
    this.nonce = input.nonce;
    this.principalOfLater.subject = principal.subject;
    await turn();
    const isOwn = this.request.headers === context.headers;
    return {
      subject: isFresh && isOwn ? this.principalOfLater.subject : 'a stranger',
      nonce: this.nonce,
    };
  }
}

@Module({ providers: [IsolationTools, ScopedTools, PrincipalHolder] })
export class IsolationToolsModule {}
