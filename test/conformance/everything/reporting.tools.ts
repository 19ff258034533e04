import { setTimeout as wait } from 'node:timers/promises';
import { BadRequestException, Injectable } from '@nestjs/common';
import { McpContext, McpTool } from 'nestjs-keycard';

/** The suite wants to see that reports come while the tool is still at work. */
const MILLISECONDS_BETWEEN_REPORTS = 50;

const pause = () => wait(MILLISECONDS_BETWEEN_REPORTS);

/** Tools that report while they work, and one that fails. */
@Injectable()
export class ReportingTools {
  @McpTool({ description: 'Logs what it does' })
  async testToolWithLogging(context: McpContext) {
    await context.log('info', 'Tool execution started');
    await pause();
    await context.log('info', 'Tool processing data');
    await pause();
    await context.log('info', 'Tool execution completed');
    return 'The tool has logged what it did.';
  }

  @McpTool({ description: 'Logs, for clients that asked for it' })
  async testLoggingTool(context: McpContext) {
    await context.log('info', 'Only for those who want to know');
    return 'The tool has logged, if that was wanted.';
  }

  @McpTool({ description: 'Tells how far it is' })
  async testToolWithProgress(context: McpContext) {
    await context.progress(0, 100);
    await pause();
    await context.progress(50, 100);
    await pause();
    await context.progress(100, 100);
    return 'The tool has told how far it was.';
  }

  @McpTool({ description: 'Lets the client go, and answers when it is back' })
  async testReconnection(context: McpContext) {
    context.releaseStream();
    await pause();
    return 'The client came back for this.';
  }

  @McpTool({ description: 'Fails' })
  testErrorHandling(): never {
    throw new BadRequestException(
      'This tool intentionally returns an error for testing',
    );
  }
}
