import { Injectable } from '@nestjs/common';
import {
  McpContext,
  McpTool,
  requestRoots,
  requestSampling,
} from 'nestjs-keycard';
import { askForText, askToConfirm, textOf } from './questions.js';

const NAME = askForText('What is your name?', 'name');
const COLOR = askForText('What is your favorite color?', 'color');
const CONFIRMATION = askToConfirm('Please confirm');

const sampling = (text: string) =>
  requestSampling({
    messages: [{ role: 'user', content: { type: 'text', text } }],
    maxTokens: 100,
  });

/** Tools that end with a question, and go on once it is answered. */
@Injectable()
export class InputRequiredTools {
  @McpTool({ description: 'Asks the user for a name' })
  testInputRequiredResultElicitation(context: McpContext) {
    const { user_name } = context.inputResponses;
    if (!user_name) {
      context.requireInput({ requests: { user_name: NAME } });
    }
    return `Hello, ${textOf(user_name, 'name')}!`;
  }

  @McpTool({ description: 'Asks the model of the client' })
  testInputRequiredResultSampling(context: McpContext) {
    const { capital_question } = context.inputResponses;
    if (!capital_question) {
      const question = sampling('What is the capital of France?');
      context.requireInput({ requests: { capital_question: question } });
    }
    return JSON.stringify(capital_question.content);
  }

  @McpTool({ description: 'Asks for the folders of the client' })
  testInputRequiredResultListRoots(context: McpContext) {
    const { client_roots } = context.inputResponses;
    if (!client_roots) {
      context.requireInput({ requests: { client_roots: requestRoots() } });
    }
    return JSON.stringify(client_roots['roots']);
  }

  @McpTool({ description: 'Asks several things at once' })
  testInputRequiredResultMultipleInputs(context: McpContext) {
    const { user_name, greeting, client_roots } = context.inputResponses;
    if (!user_name || !greeting || !client_roots) {
      context.requireInput({
        requests: {
          user_name: NAME,
          greeting: sampling('Generate a greeting'),
          client_roots: requestRoots(),
        },
        state: { round: 1 },
      });
    }
    return `${textOf(user_name, 'name')} was greeted.`;
  }

  @McpTool({ description: 'Asks, and knows later that it did' })
  testInputRequiredResultRequestState(context: McpContext) {
    if (!context.inputResponses['confirm']) {
      context.requireInput({
        requests: { confirm: CONFIRMATION },
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
    const { step1, step2 } = context.inputResponses;
    const known = context.requestState<{ name?: string }>() ?? {};
    const name = step1 ? textOf(step1, 'name') : known.name;
    if (name === undefined) {
      context.requireInput({ requests: { step1: NAME }, state: {} });
    }
    if (!step2) {
      context.requireInput({ requests: { step2: COLOR }, state: { name } });
    }
    return `${name} likes ${textOf(step2, 'color')}.`;
  }

  @McpTool({ description: 'Asks only what the client can be asked' })
  testInputRequiredResultCapabilities(context: McpContext) {
    const { answer } = context.inputResponses;
    const capabilities = context.clientCapabilities as object | undefined;
    if (!answer) {
      const canElicit = capabilities && 'elicitation' in capabilities;
      const question = canElicit ? NAME : sampling('What is my name?');
      context.requireInput({ requests: { answer: question } });
    }
    return JSON.stringify(answer.content);
  }

  @McpTool({ description: 'Needs a model, whatever the client has' })
  testMissingCapability(context: McpContext) {
    context.requireInput({ requests: { answer: sampling('Are you there?') } });
  }

  @McpTool({ description: 'Reports, then asks' })
  async testStreamingElicitation(context: McpContext) {
    await context.progress(1, 2);
    return this.testInputRequiredResultElicitation(context);
  }
}
