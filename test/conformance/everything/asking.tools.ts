import { Injectable } from '@nestjs/common';
import { McpContext, McpTool, type FormAnswer } from 'nestjs-keycard';
import { z } from 'zod';
import { Name, sampling } from './questions.js';

const Prompt = z.object({ prompt: z.string() });

const Message = z.object({ message: z.string() });

const Contact = z.object({
  username: z.string().describe("User's response"),
  email: z.string().describe("User's email address"),
});

const Profile = z.object({
  name: z.string().default('John Doe'),
  age: z.int().default(30),
  score: z.number().default(95.5),
  status: z.enum(['active', 'inactive', 'pending']).default('active'),
  verified: z.boolean().default(true),
});

const OPTIONS = ['option1', 'option2', 'option3'];

const TITLED_OPTIONS = [
  { const: 'value1', title: 'First Option' },
  { const: 'value2', title: 'Second Option' },
  { const: 'value3', title: 'Third Option' },
];

/** Every way to offer a choice, one of which only JSON Schema can say. */
const CHOICES = {
  type: 'object',
  properties: {
    untitledSingle: { type: 'string', enum: OPTIONS },
    titledSingle: { type: 'string', oneOf: TITLED_OPTIONS },
    legacyEnum: {
      type: 'string',
      enum: ['opt1', 'opt2', 'opt3'],
      enumNames: ['Option One', 'Option Two', 'Option Three'],
    },
    untitledMulti: { type: 'array', items: { type: 'string', enum: OPTIONS } },
    titledMulti: { type: 'array', items: { anyOf: TITLED_OPTIONS } },
  },
};

/** Tools that ask the client, and wait for the answer. */
@Injectable()
export class AskingTools {
  @McpTool({ description: 'Asks the model of the client', input: Prompt })
  async testSampling({ prompt }: z.infer<typeof Prompt>, context: McpContext) {
    const { content } = await context.sample('answer', sampling(prompt));
    return `LLM response: ${JSON.stringify(content)}`;
  }

  @McpTool({ description: 'Asks the user who they are', input: Message })
  async testElicitation(
    { message }: z.infer<typeof Message>,
    context: McpContext,
  ) {
    const schema = Contact;
    return inWords(await context.elicit('contact', { message, schema }));
  }

  @McpTool({ description: 'Asks the user, and suggests the answers' })
  async testElicitationSep1034Defaults(context: McpContext) {
    const message = 'Please review your profile';
    const schema = Profile;
    return inWords(await context.elicit('profile', { message, schema }));
  }

  @McpTool({ description: 'Asks the user to choose' })
  async testElicitationSep1330Enums(context: McpContext) {
    const message = 'Please choose';
    const schema = CHOICES;
    return inWords(await context.elicit('choices', { message, schema }));
  }

  @McpTool({ description: 'Asks the user for a name' })
  async testInputRequiredResultElicitation(context: McpContext) {
    const message = 'What is your name?';
    const schema = Name;
    const answer = await context.elicit('user_name', { message, schema });
    return `Hello, ${answer.content?.name ?? 'stranger'}!`;
  }

  @McpTool({ description: 'Asks the model of the client for a capital' })
  async testInputRequiredResultSampling(context: McpContext) {
    const question = sampling('What is the capital of France?');
    const { content } = await context.sample('capital_question', question);
    return JSON.stringify(content);
  }

  @McpTool({ description: 'Asks for the folders of the client' })
  async testInputRequiredResultListRoots(context: McpContext) {
    const roots = await context.listRoots('client_roots');
    return roots.map(({ uri }) => uri).join(', ');
  }

  @McpTool({ description: 'Needs a model, whatever the client has' })
  async testMissingCapability(context: McpContext) {
    const { content } = await context.sample('answer', sampling('Hello?'));
    return JSON.stringify(content);
  }

  @McpTool({ description: 'Reports, then asks' })
  async testStreamingElicitation(context: McpContext) {
    await context.progress(1, 2);
    return this.testInputRequiredResultElicitation(context);
  }
}

function inWords({ action, content }: FormAnswer<object>): string {
  return `Elicitation completed: action=${action}, content=${JSON.stringify(content)}`;
}
