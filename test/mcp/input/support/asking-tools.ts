import { Injectable } from '@nestjs/common';
import { IsIn, IsInt, IsOptional, IsString, Min } from 'class-validator';
import {
  ClientInputError,
  elicitForm,
  McpContext,
  McpTool,
  requestRoots,
  requestSampling,
} from 'nestjs-keycard';
import { z } from 'zod';

/** What the handlers went through, for the tests to look at. */
export class AskingRecord {
  runs: string[] = [];
  /** What handlers caught. */
  caught: unknown[] = [];

  reset(): void {
    this.runs = [];
    this.caught = [];
  }
}

export const record = new AskingRecord();

const CONTACT = z.object({
  name: z.string().min(1),
  email: z.email().optional(),
  age: z.int().min(0).default(30),
  tags: z.array(z.enum(['a', 'b'])).optional(),
});

class OrderForm {
  @IsString()
  dish: string;

  @IsInt()
  @Min(1)
  count: number;

  @IsOptional()
  @IsIn(['mild', 'hot'])
  spice?: string;
}

/** Every kind of field that has a default. */
export const DEFAULTS = {
  type: 'object',
  properties: {
    name: { type: 'string', default: 'Ada' },
    age: { type: 'integer', default: 36 },
    score: { type: 'number', default: 1.5 },
    status: { type: 'string', enum: ['new', 'old'], default: 'new' },
    sure: { type: 'boolean', default: true },
  },
} as const;

/** Every kind of choice. */
export const ENUMS = {
  type: 'object',
  properties: {
    plain: { type: 'string', enum: ['x', 'y'] },
    titled: {
      type: 'string',
      oneOf: [
        { const: 'x', title: 'An X' },
        { const: 'y', title: 'A Y' },
      ],
    },
    named: { type: 'string', enum: ['x', 'y'], enumNames: ['An X', 'A Y'] },
    several: {
      type: 'array',
      items: { type: 'string', enum: ['x', 'y'] },
      minItems: 1,
    },
    severalTitled: {
      type: 'array',
      items: {
        anyOf: [
          { const: 'x', title: 'An X' },
          { const: 'y', title: 'A Y' },
        ],
      },
    },
  },
  required: ['plain'],
} as const;

const CONFIRMATION = elicitForm({
  message: 'Really?',
  schema: { type: 'object', properties: { ok: { type: 'boolean' } } },
});

const PROMPT = {
  messages: [
    { role: 'user' as const, content: { type: 'text' as const, text: 'Hi' } },
  ],
  maxTokens: 10,
};

/** Handlers that are written once, for clients of both eras. */
@Injectable()
export class AskingTools {
  @McpTool({ description: 'Asks with a Zod schema' })
  async contact(context: McpContext) {
    record.runs.push('contact');
    return context.elicit('contact', { message: 'Who?', schema: CONTACT });
  }

  @McpTool({ description: 'Asks with a class' })
  async order(context: McpContext) {
    const answer = await context.elicit('order', {
      message: 'What?',
      schema: OrderForm,
    });
    const isInstance = answer.content instanceof OrderForm;
    return { ...answer, isInstance };
  }

  @McpTool({ description: 'Asks with defaults' })
  async defaults(context: McpContext) {
    return context.elicit('defaults', { message: 'Same?', schema: DEFAULTS });
  }

  @McpTool({ description: 'Asks with choices' })
  async enums(context: McpContext) {
    return context.elicit('enums', { message: 'Which?', schema: ENUMS });
  }

  @McpTool({ description: 'Sends the user to a page' })
  async page(context: McpContext) {
    return context.elicitUrl('page', {
      message: 'Open',
      url: 'https://example.test/connect',
    });
  }

  @McpTool({ description: 'Asks the model' })
  async think(context: McpContext) {
    // oxlint-disable-next-line typescript/no-deprecated
    const { content, model } = await context.sample('thought', PROMPT);
    return { content, model };
  }

  @McpTool({ description: 'Asks for folders' })
  async folders(context: McpContext) {
    // oxlint-disable-next-line typescript/no-deprecated
    return { roots: await context.listRoots() };
  }

  @McpTool({ description: 'Asks three things, one after the other' })
  async survey(context: McpContext) {
    record.runs.push('survey');
    const answers: unknown[] = [];
    let message = 'First?';
    for (const key of ['one', 'two', 'three']) {
      const { action, content } = await context.elicit(key, {
        message,
        schema: z.object({ text: z.string() }),
      });
      if (action !== 'accept') return { answers, stopped: action };
      answers.push(content.text);
      message = `After ${content.text}?`;
    }
    return { answers };
  }

  @McpTool({ description: 'Asks in both ways' })
  async mixed(context: McpContext) {
    record.runs.push('mixed');
    const schema = z.object({ text: z.string() });
    const first = await context.elicit('first', { message: 'First?', schema });
    if (!context.inputResponses['confirm']) {
      context.requireInput({
        requests: { confirm: CONFIRMATION },
        state: { when: new Date(0), runs: record.runs.length },
      });
    }
    const last = await context.elicit('last', { message: 'Last?', schema });
    return {
      first: first.content,
      last: last.content,
      keys: Object.keys(context.inputResponses).sort(),
      confirmed: context.inputResponses['confirm'],
      state: context.requestState(),
    };
  }

  @McpTool({ description: 'Asks several things at once' })
  several(context: McpContext) {
    const { form, text, roots } = context.inputResponses;
    if (!form || !text || !roots) {
      context.requireInput({
        requests: {
          form: CONFIRMATION,
          text: requestSampling(PROMPT),
          roots: requestRoots(),
        },
      });
    }
    return { form, text, roots };
  }

  @McpTool({ description: 'Asks under one key again and again' })
  stages(context: McpContext) {
    const stage = context.requestState<{ stage: number }>()?.stage ?? 0;
    const given = context.inputResponses['confirm'];
    record.runs.push(`${stage} ${given ? 'answered' : 'unanswered'}`);
    if (stage < 3) {
      context.requireInput({
        requests: { confirm: CONFIRMATION },
        state: { stage: stage + 1 },
      });
    }
    return { stage };
  }

  @McpTool({ description: 'Only hands over a state' })
  resume(context: McpContext) {
    const step = context.requestState<number>() ?? 0;
    if (step < 2) context.requireInput({ state: step + 1 });
    return { step };
  }

  @McpTool({ description: 'Never has enough' })
  insatiable(context: McpContext) {
    context.requireInput({ requests: { more: CONFIRMATION } });
  }

  @McpTool({ description: 'Does without an answer' })
  async resigned(context: McpContext) {
    try {
      return await context.elicit('contact', {
        message: 'Who?',
        schema: CONTACT,
      });
    } catch (error) {
      if (!(error instanceof ClientInputError)) throw error;
      return { reason: error.reason, code: error.code };
    }
  }

  @McpTool({ description: 'Asks, and notes why there is no answer' })
  async watched(context: McpContext) {
    try {
      return await context.elicit('contact', {
        message: 'Who?',
        schema: CONTACT,
      });
    } catch (error) {
      record.caught.push(error);
      throw error;
    }
  }

  @McpTool({ description: 'Asks, and does something else before it waits' })
  async early(context: McpContext) {
    const question = context.elicit('contact', {
      message: 'Who?',
      schema: CONTACT,
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    return question;
  }

  @McpTool({ description: 'Asks, and never waits' })
  async careless(context: McpContext) {
    void context.elicit('contact', { message: 'Who?', schema: CONTACT });
    await new Promise((resolve) => setTimeout(resolve, 20));
    return 'done';
  }

  @McpTool({ description: 'Asks, and takes too long after', timeout: 300 })
  async hurried(context: McpContext) {
    await context.elicit('contact', { message: 'Who?', schema: CONTACT });
    return new Promise(() => {});
  }

  @McpTool({ description: 'Asks for what no form has' })
  async nested(context: McpContext) {
    return context.elicit('nested', {
      message: 'What?',
      schema: z.object({ deep: z.object({ er: z.string() }) }),
    });
  }
}
