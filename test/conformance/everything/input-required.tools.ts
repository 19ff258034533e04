import { Injectable } from '@nestjs/common';
import {
  elicitForm,
  McpContext,
  McpTool,
  requestRoots,
  requestSampling,
} from 'nestjs-keycard';
import { sampling } from './questions.js';

const askForText = (message: string, field: string) =>
  elicitForm({
    message,
    schema: {
      type: 'object',
      properties: { [field]: { type: 'string' } },
      required: [field],
    },
  });

const NAME = askForText('What is your name?', 'name');
const COLOR = askForText('What is your favorite color?', 'color');
const REASON = askForText('Why?', 'reason');

/** Tools that ask several things at once, or hand over a state. */
@Injectable()
export class InputRequiredTools {
  @McpTool({ description: 'Asks several things at once' })
  testInputRequiredResultMultipleInputs(context: McpContext) {
    const { user_name, greeting, client_roots } = context.inputResponses;
    if (!user_name || !greeting || !client_roots) {
      context.requireInput({
        requests: {
          user_name: NAME,
          greeting: requestSampling(sampling('Generate a greeting')),
          client_roots: requestRoots(),
        },
        state: { asked: 3 },
      });
    }
    return JSON.stringify({ user_name, greeting, client_roots });
  }

  @McpTool({ description: 'Asks, and knows later that it did' })
  testInputRequiredResultRequestState(context: McpContext) {
    if (!context.inputResponses['reason']) {
      context.requireInput({
        requests: { reason: REASON },
        state: 'state-ok',
      });
    }
    return `Found again: ${context.requestState<string>()}`;
  }

  @McpTool({ description: 'Asks, and trusts only the state that it sealed' })
  testInputRequiredResultTamperedState(context: McpContext) {
    return this.testInputRequiredResultRequestState(context);
  }

  @McpTool({ description: 'Asks one thing after the other' })
  testInputRequiredResultMultiRound(context: McpContext) {
    const { name, color } = context.inputResponses;
    if (!name) {
      context.requireInput({ requests: { name: NAME }, state: { round: 1 } });
    }
    if (!color) {
      context.requireInput({ requests: { color: COLOR }, state: { round: 2 } });
    }
    return JSON.stringify({ name, color });
  }

  @McpTool({ description: 'Asks only what the client can be asked' })
  testInputRequiredResultCapabilities(context: McpContext) {
    const { answer } = context.inputResponses;
    if (!answer) {
      const question = context.clientCapabilities?.elicitation
        ? NAME
        : requestSampling(sampling('What is my name?'));
      context.requireInput({ requests: { answer: question } });
    }
    return JSON.stringify(answer);
  }
}
