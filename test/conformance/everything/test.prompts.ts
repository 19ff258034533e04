import { Injectable } from '@nestjs/common';
import {
  McpCompletion,
  McpContext,
  McpPrompt,
  type CompletionQuery,
} from 'nestjs-keycard';
import { z } from 'zod';
import { RED_PIXEL } from './samples.js';

const WORDS = ['paris', 'park', 'party', 'test', 'testing'];

const Arguments = z.object({
  arg1: z.string().describe('First test argument'),
  arg2: z.string().describe('Second test argument'),
});

const EmbeddedResource = z.object({
  resourceUri: z.string().describe('URI of the resource to embed'),
});

/** Prompts of every kind. */
@Injectable()
export class TestPrompts {
  @McpPrompt({ description: 'A prompt without arguments' })
  testSimplePrompt() {
    return 'This is a simple prompt for testing.';
  }

  @McpPrompt({ description: 'A prompt with arguments', input: Arguments })
  testPromptWithArguments({ arg1, arg2 }: z.infer<typeof Arguments>) {
    return `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`;
  }

  @McpCompletion('testPromptWithArguments', 'arg1')
  completeArgument({ value }: CompletionQuery) {
    return WORDS.filter((word) => word.startsWith(value));
  }

  @McpPrompt({
    description: 'A prompt with a resource in it',
    input: EmbeddedResource,
  })
  testPromptWithEmbeddedResource({
    resourceUri,
  }: z.infer<typeof EmbeddedResource>) {
    return [
      {
        type: 'resource',
        resource: {
          uri: resourceUri,
          mimeType: 'text/plain',
          text: 'Embedded resource content for testing.',
        },
      },
      { type: 'text', text: 'Please process the embedded resource above.' },
    ];
  }

  @McpPrompt({ description: 'A prompt with an image in it' })
  testPromptWithImage() {
    return [
      { type: 'image', data: RED_PIXEL, mimeType: 'image/png' },
      { type: 'text', text: 'Please analyze the image above.' },
    ];
  }

  @McpPrompt({ description: 'A prompt that asks the user first' })
  async testInputRequiredResultPrompt(context: McpContext) {
    const { content } = await context.elicit('user_context', {
      message: 'What context should the prompt use?',
      schema: z.object({ context: z.string() }),
    });
    return `Use this context: ${content?.context ?? 'none'}`;
  }
}
