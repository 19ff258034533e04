import {
  elicitForm,
  type InputRequest,
  type InputResponse,
} from 'nestjs-keycard';

/** Asks the user to fill in one text. */
export function askForText(message: string, field: string): InputRequest {
  return elicitForm({
    message,
    schema: {
      type: 'object',
      properties: { [field]: { type: 'string' } },
      required: [field],
    },
  });
}

/** Asks the user for a yes or no. */
export function askToConfirm(message: string): InputRequest {
  return elicitForm({
    message,
    schema: {
      type: 'object',
      properties: { ok: { type: 'boolean' } },
      required: ['ok'],
    },
  });
}

/** What the user wrote into a field. */
export function textOf(answer: InputResponse, field: string): string {
  const content = (answer.content ?? {}) as Record<string, unknown>;
  return JSON.stringify(content[field]);
}
